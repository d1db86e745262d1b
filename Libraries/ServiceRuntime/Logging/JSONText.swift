import Logging

extension String {
    /// Appends `text` as a JSON string.
    package mutating func appendJSON(_ text: String) {
        self += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": self += "\\\""
            case "\\": self += "\\\\"
            case "\n": self += "\\n"
            case "\r": self += "\\r"
            case "\t": self += "\\t"
            // People read logs on terminals, whatever their format.
            case _ where scalar.steersTerminals: self += scalar.jsonEscape
            default: self.unicodeScalars.append(scalar)
            }
        }
        self += "\""
    }

    /// Appends metadata as JSON: strings, objects and arrays.
    mutating func appendJSON(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): self.appendJSON(text)
        case .stringConvertible(let value): self.appendJSON(number: value)
        case .array(let values):
            self += "["
            for (index, value) in values.enumerated() {
                if index > 0 { self += "," }
                self.appendJSON(value)
            }
            self += "]"
        case .dictionary(let values):
            self += "{"
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { self += "," }
                self.appendJSON(pair.key)
                self += ":"
                self.appendJSON(pair.value)
            }
            self += "}"
        }
    }

    /// Numbers and truth values stay what they are; everything else is text.
    private mutating func appendJSON(number value: any CustomStringConvertible) {
        switch value {
        case is any BinaryInteger, is Bool: self += value.description
        case let number as Double where number.isFinite: self += number.description
        default: self.appendJSON(value.description)
        }
    }
}
