/// A user as Get Users tells it, as far as a collector needs it.
package struct HelixUser: Hashable, Sendable, Decodable {
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
        id = try container.decode(String.self, forKey: .id)
        login = try container.decode(String.self, forKey: .login).lowercased()
        displayName = try container.decodeIfPresent(String.self, forKey: .displayName) ?? ""
    }
}

/// What a channel is set to, live or not, as Get Channel Information tells it.
package struct HelixChannel: Hashable, Sendable, Decodable {
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
        broadcasterID = try container.decode(String.self, forKey: .broadcasterID)
        title = try container.decodeIfPresent(String.self, forKey: .title) ?? ""
        categoryName = try container.decodeIfPresent(String.self, forKey: .categoryName) ?? ""
        language = try container.decodeIfPresent(String.self, forKey: .language) ?? ""
    }
}
