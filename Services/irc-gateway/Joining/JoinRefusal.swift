/// Why Twitch does not let us into a channel.
enum JoinRefusal: String, Hashable, Sendable, CaseIterable {
    /// Deleted, suspended, or never existed.
    case suspended
    /// Closed for a violation of the terms of service.
    case termsOfService = "tos_ban"
    /// The reader's account is banned there.
    case banned
    /// The account is in too many channels.
    case channelLimit = "channel_limit"
    /// JOIN is dropped in silence: usually the login does not exist.
    case noAnswer = "no_answer"

    /// The refusal that a NOTICE to a channel stands for, if any.
    init?(noticeID: String) {
        switch noticeID {
        case "msg_channel_suspended": self = .suspended
        case "tos_ban": self = .termsOfService
        case "msg_banned": self = .banned
        case "msg_concurrent_channel_limit_reached": self = .channelLimit
        default: return nil
        }
    }

    /// What `collection.stopped` says of a JOIN that was refused.
    var refusalReason: StopReason {
        switch self {
        case .suspended: .refusedSuspended
        case .termsOfService: .refusedTermsOfService
        case .banned: .refusedBanned
        case .channelLimit: .refusedChannelLimit
        case .noAnswer: .refusedWithoutAnswer
        }
    }

    /// What `collection.stopped` says when a joined channel is refused.
    var collectionReason: StopReason {
        switch self {
        case .suspended, .termsOfService: .suspended
        case .banned: .banned
        case .channelLimit, .noAnswer: .parted
        }
    }
}
