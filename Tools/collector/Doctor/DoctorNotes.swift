import Protocol
import Synchronization
import TwitchAPI
import TwitchChat

/// What one check learns and another needs.
final class DoctorNotes: Sendable {
    struct Contents: Sendable {
        /// What a server said the time was, and ours in that moment.
        var time: (theirs: String?, ours: Timestamp)?
        /// What Helix is asked with.
        var helix: CheckToken?
        /// Who logs in to chat; nil: anonymously.
        var account: Credentials?
        /// Channels that Twitch does not know; nil where it was not asked.
        var unknownChannels: [String]?
    }

    private let contents = Mutex(Contents())

    var current: Contents { contents.withLock { $0 } }

    func note(_ change: (inout Contents) -> Void) { contents.withLock { change(&$0) } }
}
