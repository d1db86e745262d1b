/// A value that the hot codec writes and reads.
protocol JSONValue {
    func write(to json: inout JSONWriter)
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Self
}

extension JSONReader {
    /// The next value, of whatever type is asked for.
    mutating func value<Value: JSONValue>(_ type: Value.Type = Value.self) throws(EnvelopeError) -> Value {
        try Value.read(from: &self)
    }
}

extension JSONWriter {
    mutating func field(_ key: StaticString, _ value: some JSONValue) {
        self.key(key)
        value.write(to: &self)
    }

    /// Leaves a nil out, as synthesized `Codable` does.
    mutating func field(_ key: StaticString, _ value: (some JSONValue)?) {
        guard let value else { return }
        field(key, value)
    }
}

extension String: JSONValue {
    func write(to json: inout JSONWriter) { json.string(self) }
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> String { try json.string() }
}

extension Int: JSONValue {
    func write(to json: inout JSONWriter) { json.integer(self) }
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Int { try json.integer() }
}

extension Bool: JSONValue {
    func write(to json: inout JSONWriter) { json.raw(self ? "true" : "false") as Void }
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Bool { try json.bool() }
}

extension Timestamp: JSONValue {
    func write(to json: inout JSONWriter) { json.timestamp(self) }
    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Timestamp { try json.timestamp() }
}

extension Offset: JSONValue {
    func write(to json: inout JSONWriter) {
        json.byte("\"")
        json.offset(self)
        json.byte("\"")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Offset {
        guard let text = unsafe try json.plainString(), let offset = unsafe Offset(utf8: text) else {
            throw json.malformed("not an epoch-sequence offset")
        }
        return offset
    }
}

extension JSONWriter {
    /// `epoch-sequence` without quotes.
    mutating func offset(_ offset: Offset) {
        integer(offset.epoch)
        byte("-")
        integer(offset.sequence)
    }
}

extension Optional: JSONValue where Wrapped: JSONValue {
    func write(to json: inout JSONWriter) {
        guard let value = self else { return json.raw("null") as Void }
        value.write(to: &json)
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> Wrapped? {
        try json.takeNull() ? nil : try Wrapped.read(from: &json)
    }
}

extension Array: JSONValue where Element: JSONValue {
    func write(to json: inout JSONWriter) {
        json.byte("[")
        for element in self {
            json.separator()
            element.write(to: &json)
        }
        json.byte("]")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> [Element] {
        try json.open("[")
        var elements: [Element] = []
        var isFirst = true
        while try json.next(&isFirst, until: "]") { elements.append(try json.value()) }
        return elements
    }
}

extension [String: String]: JSONValue {
    /// In the order of the keys, so that equal values have equal bytes.
    func write(to json: inout JSONWriter) {
        json.byte("{")
        for (key, value) in sorted(by: { $0.key < $1.key }) {
            json.separator()
            json.string(key)
            json.byte(":")
            json.string(value)
        }
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> [String: String] {
        try json.open("{")
        var members: [String: String] = [:]
        var isFirst = true
        while try json.next(&isFirst, until: "}") {
            let key = try json.string()
            try json.expect(":")
            members[key] = try json.string()
        }
        return members
    }
}
