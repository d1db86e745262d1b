/// How many columns text takes on a terminal: wide for CJK and emoji, none for combining marks.
enum TextWidth {
    static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    /// The columns of text with colours in it.
    static func of(styled text: String) -> Int {
        var columns = 0
        var isEscape = false
        for character in text {
            if isEscape || character == "\u{1B}" {
                isEscape = !(isEscape && character == "m")
            } else {
                columns += of(character)
            }
        }
        return columns
    }

    /// Cuts text to a number of columns, with `…` where something was lost.
    static func fit(_ text: some StringProtocol, in columns: Int) -> String {
        guard of(text) > columns else { return String(text) }
        guard columns > 0 else { return "" }
        var result = ""
        var used = 0
        for character in text {
            let width = of(character)
            guard used + width < columns else { break }
            result.append(character)
            used += width
        }
        return result + "…"
    }

    /// The same for text with colours in it: escape sequences take no columns and are kept, also behind the cut.
    static func fit(styled text: String, in columns: Int) -> String {
        var result = ""
        var used = 0
        var isEscape = false
        var isCut = false
        for character in text {
            if isEscape || character == "\u{1B}" {
                isEscape = !(isEscape && character == "m")
                result.append(character)
                continue
            }
            let width = of(character)
            if isCut { continue }
            if used + width >= columns {
                isCut = true
                result.append("…")
            } else {
                result.append(character)
                used += width
            }
        }
        return result
    }

    private static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if first.properties.generalCategory == .nonspacingMark || first.properties.generalCategory == .format {
            return 0
        }
        if first.properties.isEmojiPresentation || character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) {
            return 2
        }
        return wide.contains { $0.contains(first.value) } ? 2 : 1
    }

    /// East Asian Wide and Fullwidth, the blocks that chat holds (Unicode, EastAsianWidth.txt).
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
