/// A user as Get Users tells it, as far as a collector needs it.
package struct HelixUser: Hashable, Sendable, HelixItem {
    package var id: String
    package var login: String
    /// Empty where Twitch leaves it out.
    package var displayName: String

    package init(id: String, login: String, displayName: String) {
        self.id = id
        self.login = login
        self.displayName = displayName
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case login
        case displayName = "display_name"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let id = container.identifier(.id), let login = container.login(.login) else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: container, debugDescription: "nobody")
        }
        self.init(id: id, login: login, displayName: container.words(.displayName, atMost: 100) ?? "")
    }

    static let names = ["id", "login"]
    var asked: [String] { [id, login] }
}

/// What a channel is set to, live or not, as Get Channel Information tells it.
package struct HelixChannel: Hashable, Sendable, HelixItem {
    package var broadcasterID: String
    package var title: String
    package var categoryName: String
    package var language: String

    private enum CodingKeys: String, CodingKey {
        case broadcasterID = "broadcaster_id"
        case title
        case categoryName = "game_name"
        case language = "broadcaster_language"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let id = container.identifier(.broadcasterID) else {
            throw DecodingError.dataCorruptedError(forKey: .broadcasterID, in: container, debugDescription: "nobody")
        }
        broadcasterID = id
        title = container.words(.title, atMost: 1000) ?? ""
        categoryName = container.words(.categoryName, atMost: 200) ?? ""
        language = container.words(.language, atMost: 20) ?? ""
    }

    static let names = ["broadcaster_id"]
    var asked: [String] { [broadcasterID] }
}
