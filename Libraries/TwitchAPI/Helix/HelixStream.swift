/// A live stream as Get Streams tells it. Only what identifies it must be there.
///
/// A field is nil where the answer does not tell it, or tells what makes no sense: that is not "empty", nor zero.
package struct HelixStream: Hashable, Sendable {
    package var id: String
    package var userID: String
    /// Lowercase.
    package var userLogin: String?
    package var userName: String?
    package var title: String?
    package var categoryID: String?
    package var categoryName: String?
    /// ISO 639-1, or `other`.
    package var language: String?
    package var tags: [String]?
    package var isMature: Bool?
    package var viewerCount: Int?
    /// RFC 3339, as Twitch sent it.
    package var startedAt: String?

    package init(
        id: String,
        userID: String,
        userLogin: String? = nil,
        userName: String? = nil,
        title: String? = nil,
        categoryID: String? = nil,
        categoryName: String? = nil,
        language: String? = nil,
        tags: [String]? = nil,
        isMature: Bool? = nil,
        viewerCount: Int? = nil,
        startedAt: String? = nil
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
}

extension HelixStream: HelixItem {
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
        guard let id = container.identifier(.id), let userID = container.identifier(.userID) else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: container, debugDescription: "no stream")
        }
        self.init(
            id: id,
            userID: userID,
            userLogin: container.login(.userLogin),
            userName: container.words(.userName, atMost: 100),
            title: container.words(.title, atMost: 1000),
            categoryID: container.words(.categoryID, atMost: 64),
            categoryName: container.words(.categoryName, atMost: 200),
            language: container.words(.language, atMost: 20),
            tags: Self.tags(container),
            isMature: try? container.decode(Bool.self, forKey: .isMature),
            viewerCount: container.wholeNumber(.viewerCount).flatMap { Int(exactly: $0) }
                .flatMap { (0...1_000_000_000).contains($0) ? $0 : nil },
            startedAt: container.text(.startedAt, atMost: 64)
        )
    }

    /// `tags` is null where there are none.
    private static func tags(_ container: KeyedDecodingContainer<CodingKeys>) -> [String]? {
        if (try? container.decodeNil(forKey: .tags)) == true { return [] }
        let tags = try? container.decode([String].self, forKey: .tags)
        return tags.map { $0.prefix(100).map { String($0.prefix(100)) } }
    }

    static let names = ["user_id"]
    var asked: [String] { [userID] }
}
