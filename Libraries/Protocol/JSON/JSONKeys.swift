/// The keys of an object as bytes, ready to be compared.
struct JSONKeys<Key: CaseIterable & RawRepresentable & Sendable>: Sendable where Key.RawValue == String {
    let keys: [Key]
    private let names: [UInt8]
    /// Where each name ends in `names`.
    private let ends: [Int]

    init(_ type: Key.Type = Key.self) {
        keys = Array(Key.allCases)
        names = keys.flatMap { Array($0.rawValue.utf8) }
        var end = 0
        ends = keys.map { key in
            end += key.rawValue.utf8.count
            return end
        }
    }

    /// The index of a name, looked for from `expected` on: keys nearly always come in declaration order.
    func index(of name: UnsafeBufferPointer<UInt8>, expected: Int) -> Int? {
        for index in expected..<keys.count where unsafe matches(name, index) { return index }
        for index in 0..<min(expected, keys.count) where unsafe matches(name, index) { return index }
        return nil
    }

    private func matches(_ name: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        guard ends[index] - start == name.count else { return false }
        for offset in 0..<name.count where unsafe names[start + offset] != name[offset] { return false }
        return true
    }
}

/// A walk through the members of one object.
struct JSONMembers<Key: CaseIterable & RawRepresentable & Sendable> where Key.RawValue == String {
    fileprivate let keys: JSONKeys<Key>
    fileprivate var expected = 0
    fileprivate var isFirst = true
}

extension JSONReader {
    /// Enters an object.
    mutating func members<Key>(_ keys: JSONKeys<Key>) throws(EnvelopeError) -> JSONMembers<Key> {
        try open("{")
        return JSONMembers(keys: keys)
    }

    /// The next known key, its value being read next; nil behind the last. Unknown members are passed over.
    mutating func next<Key>(_ members: inout JSONMembers<Key>) throws(EnvelopeError) -> Key? {
        while try next(&members.isFirst, until: "}") {
            guard peek() == UInt8(ascii: "\"") else { throw malformed("expected a key") }
            let start = position
            let name = try unsafe plainString()
            try expect(":")
            if let name = unsafe name, let index = unsafe members.keys.index(of: name, expected: members.expected) {
                members.expected = index + 1
                return members.keys.keys[index]
            }
            // What is passed over must be JSON all the same.
            rewind(to: start)
            _ = try string()
            try expect(":")
            try skip()
        }
        return nil
    }

    /// A value that an object must have.
    func require<Value>(_ value: Value?, _ key: some RawRepresentable<String>) throws(EnvelopeError) -> Value {
        guard let value else { throw .malformed("\(key.rawValue) is missing") }
        return value
    }
}
