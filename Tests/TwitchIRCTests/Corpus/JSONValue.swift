/// Any JSON, so that an asserted null is told from a missing key.
enum JSONValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case integer(Int)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    init(_ text: String?) { self = text.map { .string($0) } ?? .null }
    init(_ number: Int?) { self = number.map { .integer($0) } ?? .null }
    init(_ flag: Bool?) { self = flag.map { .bool($0) } ?? .null }

    var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// Equal, or an object whose members asserted by `expected` are equal; other members do not matter.
    func satisfies(_ expected: JSONValue) -> Bool {
        guard let members = self.object, let asserted = expected.object else { return self == expected }
        return asserted.allSatisfy { key, value in members[key]?.satisfies(value) ?? false }
    }
}
