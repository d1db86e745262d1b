/// The text of an `.env` file in which single values are replaced; everything else stays byte for byte.
struct EnvironmentText {
    private(set) var text: String

    init(_ text: String) { self.text = text }

    /// Replaces the value in each line that sets `name`, in the quotes that are there; without such a line, adds one at
    /// the end in the predecessor's form, `NAME='value'`. `value` has neither quotes, spaces nor `#`.
    mutating func set(_ name: String, to value: String) {
        var result = ""
        var isSet = false
        var rest = self.text[...]
        while !rest.isEmpty {
            let line = rest.prefix { !$0.isNewline }
            let end = rest[line.endIndex...].prefix(1)
            if let old = Self.value(in: line, of: name) {
                result += line[..<old.range.lowerBound]
                result += old.quote.map { "\($0)\(value)\($0)" } ?? value
                result += line[old.range.upperBound...]
                isSet = true
            } else {
                result += line
            }
            result += end
            rest = rest[end.endIndex...]
        }
        self.text = result
        if !isSet { self.append("\(name)='\(value)'") }
    }

    /// Takes out each line that sets `name`; a comment behind the value stays, on a line of its own.
    mutating func remove(_ name: String) {
        var result = ""
        var rest = self.text[...]
        while !rest.isEmpty {
            let line = rest.prefix { !$0.isNewline }
            let end = rest[line.endIndex...].prefix(1)
            if Self.sets(name, line) {
                let comment =
                    Self.value(in: line, of: name)
                    .map { line[$0.range.upperBound...].drop(while: \.isWhitespace) } ?? ""
                if comment.hasPrefix("#") { result += comment + end }
            } else {
                result += line + end
            }
            rest = rest[end.endIndex...]
        }
        self.text = result
    }

    private static func sets(_ name: String, _ line: Substring) -> Bool {
        self.afterName(name, in: line)?.first == "="
    }

    /// What follows the name in a line that begins with it.
    private static func afterName(_ name: String, in line: Substring) -> Substring? {
        var rest = line.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
        if rest.hasPrefix("export ") { rest = rest.dropFirst(7).drop(while: \.isWhitespace) }
        guard rest.hasPrefix(name) else { return nil }
        return rest.dropFirst(name.count).drop(while: \.isWhitespace)
    }

    private mutating func append(_ line: String) {
        let end = self.text.contains("\r\n") ? "\r\n" : "\n"
        if let last = self.text.last, !last.isNewline { self.text += end }
        self.text += line + end
    }

    private struct Value {
        var range: Range<Substring.Index>
        var quote: Character?
    }

    /// The range of the value, quotes included; nil when the line does not set `name`.
    private static func value(in line: Substring, of name: String) -> Value? {
        guard var rest = self.afterName(name, in: line), rest.first == "=" else { return nil }
        let start = rest.dropFirst().startIndex
        rest = rest.dropFirst().drop(while: \.isWhitespace)
        if let quote = rest.first, quote == "'" || quote == "\"" {
            var isEscaped = false
            for index in rest.indices.dropFirst() {
                if isEscaped {
                    isEscaped = false
                } else if quote == "\"", rest[index] == "\\" {
                    isEscaped = true
                } else if rest[index] == quote {
                    return Value(range: rest.startIndex..<rest.index(after: index), quote: quote)
                }
            }
            return nil
        }
        var end = rest.startIndex
        while end < rest.endIndex {
            // A comment begins at the start or after white space, as for whoever reads the file.
            if rest[end] == "#", end == rest.startIndex || rest[rest.index(before: end)].isWhitespace { break }
            end = rest.index(after: end)
        }
        while end > rest.startIndex, rest[rest.index(before: end)].isWhitespace { end = rest.index(before: end) }
        // Where there is no value, the blanks belong to the comment behind.
        return end == rest.startIndex
            ? Value(range: start..<start, quote: nil) : Value(range: rest.startIndex..<end, quote: nil)
    }
}
