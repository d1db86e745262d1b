/// The keys of an object as bytes, ready to be compared.
final class JSONKeys<Key: CaseIterable & RawRepresentable & Sendable>: Sendable where Key.RawValue == String {
    fileprivate let keys: [Key]
    /// Each key as `"key":`, one after the other.
    fileprivate let members: [UInt8]
    /// Where each key begins in `members`, and where the last ends.
    fileprivate let starts: [Int]

    init(_ type: Key.Type = Key.self) {
        keys = Array(Key.allCases)
        let texts = keys.map { Array("\"\($0.rawValue)\":".utf8) }
        members = texts.flatMap(\.self)
        starts = texts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
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
        let keys = members.keys
        while try next(&members.isFirst, until: "}") {
            guard peek() == UInt8(ascii: "\"") else { throw malformed("expected a key") }
            // Keys nearly always come in declaration order and without white space: no need to look for their end.
            for index in members.expected..<keys.keys.count
            where take(keys.members, keys.starts[index]..<keys.starts[index + 1]) {
                members.expected = index + 1
                return keys.keys[index]
            }
            let name = try string()
            try expect(":")
            if let index = keys.keys.firstIndex(where: { $0.rawValue == name }) {
                members.expected = index + 1
                return keys.keys[index]
            }
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
