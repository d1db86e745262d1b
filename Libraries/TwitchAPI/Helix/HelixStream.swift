/// A live stream as Get Streams tells it. Only what identifies it must be there: Twitch may leave the rest out.
package struct HelixStream: Hashable, Sendable, Decodable {
    package var id: String
    package var userID: String
    package var userLogin: String
    package var userName: String
    package var title: String
    package var categoryID: String
    package var categoryName: String
    /// ISO 639-1, or `other`.
    package var language: String
    package var tags: [String]
    package var isMature: Bool
    package var viewerCount: Int
    /// RFC 3339, as Twitch sent it.
    package var startedAt: String

    package init(
        id: String,
        userID: String,
        userLogin: String,
        userName: String,
        title: String = "",
        categoryID: String = "",
        categoryName: String = "",
        language: String = "",
        tags: [String] = [],
        isMature: Bool = false,
        viewerCount: Int = 0,
        startedAt: String
    ) {
        self.id = id
        self.userID = userID
        self.userLogin = userLogin
        self.userName = userName
        self.title = title
        self.categoryID = categoryID
        self.categoryName = categoryName
        self.language = language
        self.tags = tags
        self.isMature = isMature
        self.viewerCount = viewerCount
        self.startedAt = startedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case userLogin = "user_login"
        case userName = "user_name"
        case title
        case categoryID = "game_id"
        case categoryName = "game_name"
        case language
        case tags
        case isMature = "is_mature"
        case viewerCount = "viewer_count"
        case startedAt = "started_at"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String { try container.decodeIfPresent(String.self, forKey: key) ?? "" }
        id = try container.decode(String.self, forKey: .id)
        userID = try container.decode(String.self, forKey: .userID)
        userLogin = try text(.userLogin).lowercased()
        userName = try text(.userName)
        title = try text(.title)
        categoryID = try text(.categoryID)
        categoryName = try text(.categoryName)
        language = try text(.language)
        // `tags` is null where there are none.
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        isMature = try container.decodeIfPresent(Bool.self, forKey: .isMature) ?? false
        viewerCount = try container.decodeIfPresent(Int.self, forKey: .viewerCount) ?? 0
        startedAt = try container.decode(String.self, forKey: .startedAt)
    }
}
