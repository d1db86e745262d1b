/// How many columns text takes on a terminal.
///
/// Terminals count scalar by scalar, as wcwidth(3) does, and disagree about sequences: a family of emoji joined by ZERO WIDTH
/// JOINER takes two columns on some and six on others. The sum of the scalars is what none exceeds.
enum TextWidth {
    static func of(_ text: some StringProtocol) -> Int {
        var columns = 0
        var previous = 0
        for scalar in text.unicodeScalars {
            let width = of(scalar, after: previous)
            columns += width
            previous = width
        }
        return columns
    }

    /// The columns of text with colours in it.
    static func of(styled text: String) -> Int {
        pieces(of: text).reduce(0) { $0 + ($1.isEscape ? 0 : of($1.text)) }
    }

    /// Cuts text to a number of columns, with `…` where something was lost. What is one character stays whole or goes.
    static func fit(_ text: some StringProtocol, in columns: Int) -> String {
        guard of(text) > columns else { return String(text) }
        var room = columns
        return cut(text, to: &room)
    }

    /// The same for text with colours in it: escape sequences take no columns and are kept, also behind the cut.
    static func fit(styled text: String, in columns: Int) -> String {
        guard of(styled: text) > columns else { return text }
        var result = ""
        var room = columns
        for piece in pieces(of: text) {
            if piece.isEscape {
                result += piece.text
            } else if room > 0 {
                result += cut(piece.text, to: &room)
            }
        }
        return result
    }

    /// Takes from `room` what it returns; `…` is the last of it, and leaves no room.
    private static func cut(_ text: some StringProtocol, to room: inout Int) -> String {
        var result = ""
        for character in text {
            let width = of(String(character))
            guard width < room else {
                if room > 0 { result.append("…") }
                room = 0
                return result
            }
            result.append(character)
            room -= width
        }
        return result
    }

    /// Colours and what stands between them. Looked for scalar by scalar: a combining mark behind a colour makes one
    /// `Character` with its `m`.
    private static func pieces(of text: String) -> [(text: Substring, isEscape: Bool)] {
        let scalars = text.unicodeScalars
        var pieces: [(Substring, Bool)] = []
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            guard scalars[index] == "\u{1B}" else {
                index = scalars.index(after: index)
                continue
            }
            if start < index { pieces.append((text[start..<index], false)) }
            start = index
            while index < scalars.endIndex, scalars[index] != "m" { index = scalars.index(after: index) }
            if index < scalars.endIndex { index = scalars.index(after: index) }
            pieces.append((text[start..<index], true))
            start = index
        }
        if start < index { pieces.append((text[start..<index], false)) }
        return pieces
    }

    /// `previous` is the width of the scalar before: VARIATION SELECTOR-16 makes a narrow one an emoji, which many
    /// terminals draw wide.
    private static func of(_ scalar: Unicode.Scalar, after previous: Int) -> Int {
        let value = scalar.value
        if (0x20..<0x7F).contains(value) { return 1 }
        if value == 0xFE0F { return previous == 1 ? 1 : 0 }
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .lineSeparator, .paragraphSeparator: return 0
        // SOFT HYPHEN is shown.
        case .format: return value == 0xAD ? 1 : 0
        default: break
        }
        return scalar.properties.isEmojiPresentation && value < 0x1F1E6 || isWide(value) ? 2 : 1
    }

    private static func isWide(_ value: UInt32) -> Bool {
        guard value >= 0x1100 else { return false }
        return wide.contains { $0.contains(value) }
    }

    /// East Asian Wide and Fullwidth (Unicode 16, EastAsianWidth.txt) in blocks, unassigned places between them included;
    /// the emoji below U+1F1E6 are found by their property.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x4DBF,
        0x4DC0...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F320,
        0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
        0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC,
        0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596,
        0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
        0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EF, 0x1F6F4...0x1F6FF, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A,
        0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
