extension Unicode.Scalar {
    /// Whether a terminal may obey it instead of showing it: control characters (C0, DEL and C1), line and paragraph
    /// separators, and what turns the direction of the text around it.
    package var steersTerminals: Bool {
        switch self.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// `\u009B`: four hexadecimal digits, as JSON writes it. For scalars of the basic plane.
    var jsonEscape: String {
        let digits = String(self.value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension StringProtocol {
    /// With `\u{009B}` in place of each scalar that a terminal may obey.
    package var escapedForTerminals: String { self.replacingScalars { $0.escaped(asASCII: true) } }

    /// JSON text that means the same and holds no scalar that a terminal may obey, apart from the line breaks between its
    /// values.
    package var jsonForTerminals: String {
        self.replacingScalars { $0 == "\n" ? "\n" : $0.jsonEscape }
    }

    /// Several lines for a person, such as a report: line breaks and tabulators stay, whatever else a terminal may obey is
    /// escaped.
    package var linesForTerminals: String {
        self.replacingScalars { $0 == "\n" || $0 == "\t" ? String($0) : $0.escaped(asASCII: true) }
    }

    private func replacingScalars(_ escape: (Unicode.Scalar) -> String) -> String {
        guard self.unicodeScalars.contains(where: \.steersTerminals) else { return String(self) }
        var text = ""
        for scalar in self.unicodeScalars {
            if scalar.steersTerminals { text += escape(scalar) } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
