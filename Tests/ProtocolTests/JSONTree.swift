import FoundationEssentials

/// JSON as Foundation sees it, whatever the order of the keys.
indirect enum JSONTree: Equatable, Decodable {
    case null
    case bool(Bool)
    case integer(Int)
    case string([UInt8])
    case array([JSONTree])
    case object([String: JSONTree])

    init(_ bytes: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONTree.self, from: Data(bytes))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(Array(value.utf8))
        } else if let value = try? container.decode([JSONTree].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    /// Every key of every object in it.
    var keys: Set<String> {
        switch self {
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.keys) }
        case .object(let members): members.reduce(into: []) { $0.formUnion($1.value.keys.union([$1.key])) }
        default: []
        }
    }
}
