extension Event {
    /// The event's `data`.
    var data: any Codable & JSONValue {
        switch self {
        case .chatMessage(let data): data
        case .chatNotification(let data): data
        case .chatMessageDelete(let data): data
        case .chatClear(let data): data
        case .ban(let data): data
        case .unban(let data): data
        case .chatSettingsUpdate(let data): data
        case .chatNotice(let data): data
        case .streamOnline(let data): data
        case .streamUpdate(let data): data
        case .streamOffline(let data): data
        case .userUpdate(let data): data
        case .collectionStarted(let data): data
        case .collectionStopped(let data): data
        case .collectionBackfilled(let data): data
        case .tokenIssued(let data): data
        case .tokenRejected(let data): data
        }
    }

    /// Reads `data` as its type demands.
    init(_ type: EventType, in container: KeyedDecodingContainer<Envelope.CodingKeys>) throws {
        func data<Data: Decodable>(_ type: Data.Type = Data.self) throws -> Data {
            try container.decode(Data.self, forKey: .data)
        }
        switch type {
        case .chatMessage: self = .chatMessage(try data())
        case .chatNotification: self = .chatNotification(try data())
        case .chatMessageDelete: self = .chatMessageDelete(try data())
        case .chatClear: self = .chatClear(try data())
        case .ban: self = .ban(try data())
        case .unban: self = .unban(try data())
        case .chatSettingsUpdate: self = .chatSettingsUpdate(try data())
        case .chatNotice: self = .chatNotice(try data())
        case .streamOnline: self = .streamOnline(try data())
        case .streamUpdate: self = .streamUpdate(try data())
        case .streamOffline: self = .streamOffline(try data())
        case .userUpdate: self = .userUpdate(try data())
        case .collectionStarted: self = .collectionStarted(try data())
        case .collectionStopped: self = .collectionStopped(try data())
        case .collectionBackfilled: self = .collectionBackfilled(try data())
        case .tokenIssued: self = .tokenIssued(try data())
        case .tokenRejected: self = .tokenRejected(try data())
        default: throw EnvelopeError.unknownType(type.rawValue)
        }
    }

    /// Reads `data` as its type demands: nil, and nothing read, if the type is unknown.
    static func read(_ type: String, from json: inout JSONReader) throws(EnvelopeError) -> Event? {
        switch EventType(rawValue: type) {
        case .chatMessage: .chatMessage(try json.value())
        case .chatNotification: .chatNotification(try json.value())
        case .chatMessageDelete: .chatMessageDelete(try json.value())
        case .chatClear: .chatClear(try json.value())
        case .ban: .ban(try json.value())
        case .unban: .unban(try json.value())
        case .chatSettingsUpdate: .chatSettingsUpdate(try json.value())
        case .chatNotice: .chatNotice(try json.value())
        case .streamOnline: .streamOnline(try json.value())
        case .streamUpdate: .streamUpdate(try json.value())
        case .streamOffline: .streamOffline(try json.value())
        case .userUpdate: .userUpdate(try json.value())
        case .collectionStarted: .collectionStarted(try json.value())
        case .collectionStopped: .collectionStopped(try json.value())
        case .collectionBackfilled: .collectionBackfilled(try json.value())
        case .tokenIssued: .tokenIssued(try json.value())
        case .tokenRejected: .tokenRejected(try json.value())
        default: nil
        }
    }

    /// How many bytes `data` will probably need: a chat event is little more than its line twice and its keys.
    var expectedBytes: Int {
        switch self {
        case .chatMessage(let data): 1024 + 2 * data.raw.utf8.count
        case .chatNotification(let data): 1024 + 2 * data.raw.utf8.count
        default: 1024
        }
    }
}
