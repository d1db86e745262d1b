import EventStore
import FoundationEssentials
import GRDB

extension StreamDetails {
    /// Reads the columns that `streams` and `stream_changes` have in common.
    init(_ row: Row) {
        let tags = (row["tags"] as String?).flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }
        self.init(
            title: row["title"] ?? "",
            categoryID: row["game_id"] ?? "",
            categoryName: row["game_name"] ?? "",
            language: row["language"] ?? "",
            isMature: row["is_mature"] ?? false,
            tags: tags ?? []
        )
    }

    /// A JSON array of texts; nil when there is none.
    var tagsJSON: String? {
        guard !tags.isEmpty else { return nil }
        return try? String(decoding: JSONEncoder().encode(tags), as: UTF8.self)
    }
}
