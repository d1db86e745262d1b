import Protocol
import TwitchChat

/// What one line means to the gateway.
struct ReadLine: Sendable {
    /// What concerns the connection itself.
    enum Control: Hashable, Sendable {
        case session(IRCSession.Line)
        case roomState(login: String, isFull: Bool, roomID: String)
        /// Somebody left; only our own nick matters.
        case parted(login: String, nick: String)
        case notice(login: String, id: String)
    }

    /// What is to be published.
    struct Content: Hashable, Sendable {
        var login: String
        var time: Timestamp
        var event: Event
        /// What two deliveries have in common; nil when the line has no identity of its own.
        var key: UInt128?
    }

    var control: Control?
    var content: Content?
}
