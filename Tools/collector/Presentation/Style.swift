import ServiceRuntime

/// Colour on terminals that have it, plain text elsewhere.
struct Style: Sendable {
    var isColoured: Bool

    func bold(_ text: String) -> String { paint("1", text) }
    func dim(_ text: String) -> String { paint("2", text) }
    func green(_ text: String) -> String { paint("32", text) }
    func yellow(_ text: String) -> String { paint("33", text) }
    func red(_ text: String) -> String { paint("31", text) }
    func cyan(_ text: String) -> String { paint("36", text) }

    /// A user's own colour, `#RRGGBB`; anything else is left plain.
    func colour(_ hex: String?, _ text: String) -> String {
        guard let hex, hex.utf8.count == 7, let value = UInt32(hex.dropFirst(), radix: 16) else { return bold(text) }
        return paint("1;38;2;\(value >> 16 & 0xFF);\(value >> 8 & 0xFF);\(value & 0xFF)", text)
    }

    /// Without the colours.
    static func plain(_ text: String) -> String {
        text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    private func paint(_ code: String, _ text: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension StringProtocol {
    /// For one line on a terminal: `\u{FFFD}` in place of each scalar that a terminal may obey, line breaks included.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.steersTerminals ? "\u{FFFD}" : $0 }))
    }
}
