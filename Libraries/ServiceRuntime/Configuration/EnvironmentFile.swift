/// The `.env` format: `NAME=value` lines, as shells, Compose and Python's dotenv understand it.
///
/// Comments start with `#`; `export ` is allowed; values may stand in single quotes (verbatim) or double quotes
/// (`\n`, `\t`, `\"`, `\\`); an unquoted value ends at ` #`. Nothing is expanded: `$` is an ordinary character.
struct EnvironmentFile {
    var values: [String: String] = [:]

    /// `path` is for messages only.
    init(parsing text: String, path: String) throws {
        // "\r\n" is one Character, so splitting at newlines takes both line endings.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, rawLine) in lines.enumerated() {
            var line = rawLine.drop { $0 == "\u{FEFF}" || $0.isWhitespace }
            if line.isEmpty || line.first == "#" { continue }
            if line.hasPrefix("export ") { line = line.dropFirst(7).drop(while: \.isWhitespace) }
            guard let equals = line.firstIndex(of: "=") else {
                throw ConfigurationError("\(path):\(index + 1): expected NAME=value; start a comment with #")
            }
            let name = line[..<equals].trimmingWhitespace()
            guard Self.isName(name) else {
                throw ConfigurationError(
                    "\(path):\(index + 1): '\(name)' is not a variable name; use letters, digits and _"
                )
            }
            let value = line[line.index(after: equals)...].trimmingWhitespace()
            guard let value = Self.value(value) else {
                throw ConfigurationError("\(path):\(index + 1): \(name) has an opening quote but no closing one")
            }
            self.values[name] = value
        }
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }

    /// Nil when a quote is not closed.
    private static func value(_ text: String) -> String? {
        switch text.first {
        case "'":
            guard let end = text.dropFirst().firstIndex(of: "'") else { return nil }
            return String(text[..<end].dropFirst())
        case "\"":
            return Self.doubleQuoted(text.dropFirst())
        default:
            var end = text.startIndex
            while end < text.endIndex {
                if text[end] == "#", end == text.startIndex || text[text.index(before: end)].isWhitespace { break }
                end = text.index(after: end)
            }
            return text[..<end].trimmingWhitespace()
        }
    }

    private static func doubleQuoted(_ text: Substring) -> String? {
        var result = ""
        var escaped = false
        for character in text {
            if escaped {
                switch character {
                case "n": result.append("\n")
                case "t": result.append("\t")
                case "\"", "\\": result.append(character)
                default:
                    result.append("\\")
                    result.append(character)
                }
                escaped = false
            } else if character == "\\" {
                escaped = true
            } else if character == "\"" {
                return result
            } else {
                result.append(character)
            }
        }
        return nil
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    func trimmingWhitespace() -> String {
        var text = Substring(self).drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
