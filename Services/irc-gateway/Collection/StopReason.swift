import TwitchChat

/// Why a channel is no longer listened to: the `reason` of `collection.stopped`.
enum StopReason: String, Hashable, Sendable {
    case shutdown
    case removed
    case moved
    /// Another gateway listens to it.
    case handedOver = "handed_over"
    case connectionLost = "connection_lost"
    case parted
    /// Twitch left us out without a word; it was found out when the channel was joined again.
    case dropped
    case suspended
    case banned
    case crashed
    // A JOIN was refused: there was no session. These begin with `refused_`.
    case refusedSuspended = "refused_suspended"
    case refusedTermsOfService = "refused_tos_ban"
    case refusedBanned = "refused_banned"
    case refusedChannelLimit = "refused_channel_limit"
    case refusedWithoutAnswer = "refused_no_answer"

    /// Whether there was no session.
    var isRefusal: Bool { rawValue.hasPrefix("refused_") }
}

extension ConnectionEnd {
    /// What `collection.stopped` gives as the reason for the channels that were still joined.
    var collectionReason: StopReason {
        switch self {
        case .replaced: .moved
        case .unneeded: .removed
        case .shutdown: .shutdown
        default: .connectionLost
        }
    }
}
