import FoundationEssentials
import Protocol

/// The report for programs. Keys are those of the bus; what is not known is left out.
struct CheckJSON: Encodable {
    struct Channel: Encodable {
        var listedAs: String
        var userID: String?
        var userLogin: String?
        var userName: String?
        /// `live`, `offline`, `unknown` or `unanswered`.
        var state: String
        var streamID: String?
        var title: String?
        var categoryName: String?
        var language: String?
        var viewerCount: Int?
        var startedAt: Timestamp?

        enum CodingKeys: String, CodingKey {
            case listedAs = "listed_as"
            case userID = "user_id"
            case userLogin = "user_login"
            case userName = "user_name"
            case state
            case streamID = "stream_id"
            case title
            case categoryName = "category_name"
            case language
            case viewerCount = "viewer_count"
            case startedAt = "started_at"
        }
    }

    /// `twitch` or `stream-poller`.
    var source: String
    var askedAt: Timestamp?
    var live: Int
    var channels: [Channel]
    var trouble: String?

    enum CodingKeys: String, CodingKey {
        case source
        case askedAt = "asked_at"
        case live
        case channels
        case trouble
    }

    init(_ report: CheckReport) {
        switch report.source {
        case .twitch: (source, askedAt) = ("twitch", report.now)
        case .poller(let time): (source, askedAt) = ("stream-poller", time)
        }
        live = report.live.count
        trouble = report.trouble
        channels = report.channels.map { channel in
            var row = Channel(
                listedAs: channel.listedAs,
                userID: channel.userID,
                userLogin: channel.login,
                userName: channel.name,
                state: ""
            )
            switch channel.state {
            case .offline: row.state = "offline"
            case .unknown: row.state = "unknown"
            case .unanswered: row.state = "unanswered"
            case .live(let stream):
                row.state = "live"
                row.streamID = stream.streamID
                row.title = stream.title
                row.categoryName = stream.category
                row.language = stream.language
                row.viewerCount = stream.viewers
                row.startedAt = stream.startedAt
            }
            return row
        }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
