import EventStore

extension Coverage.Cause {
    /// For a person; a word that a later version records stays as it is.
    var explanation: String {
        switch rawValue {
        case Self.notStarted.rawValue: "not listened to before"
        case Self.unknown.rawValue: "its gateway was not heard of again"
        case "shutdown": "the gateway was stopped"
        case "crashed": "the gateway ended without notice"
        case "connection_lost": "the connection was lost"
        case "removed": "taken off the list of channels"
        case "moved": "moved to another connection"
        case "parted": "Twitch removed us from the channel"
        case "dropped": "Twitch left us out of the channel without a word"
        case "handed_over": "another gateway took over"
        case "suspended": "Twitch closed the channel"
        case "banned": "the account was banned in the channel"
        case "refused_suspended": "JOIN refused: the channel is suspended or deleted"
        case "refused_tos_ban": "JOIN refused: the channel is closed for a violation of Twitch's terms"
        case "refused_banned": "JOIN refused: the account is banned there"
        case "refused_channel_limit": "JOIN refused: the account is in too many channels"
        case "refused_no_answer": "JOIN was not answered: there may be no such channel"
        default: rawValue.printable
        }
    }
}

extension Coverage.Backfill {
    /// For a person.
    var explanation: String {
        switch self {
        case .complete: "backfilled"
        case .partial: "backfilled in part"
        }
    }
}

extension JournalLoss {
    /// What is gone, for a person.
    var amount: String {
        atMost.map { "up to \(Figures.number($0, "event"))" } ?? "an unknown number of events"
    }
}
