package import Logging
package import Protocol
import ServiceLifecycle

/// Follows producers: live where nothing is missing, from their journals where something is.
///
/// The consumer pulls. While it does not, the follower's own bounded queue fills, then libzmq's, then live events are
/// dropped and fetched from the journal later: memory stays flat.
package final class EventFollower: Service, Sendable {
    package struct Configuration: Sendable {
        /// What to do about events that live delivery lost.
        package enum Recovery: Sendable {
            /// Fetch them from the journal: nothing is skipped.
            case fetch
            /// Tell the consumer with `BusEvent.missed` and go on.
            case report
        }

        /// Event endpoints as in `IRC_GATEWAY_BUS`: `tcp://host:port` or `ipc://path`, where an ipc path may hold `*`.
        package var endpoints: [String]
        /// The follower's group, such as `writer`; taps have none and never acknowledge.
        package var group: String?
        package var recovery: Recovery
        /// Topic prefixes, such as `chat.`; each ends with the dot.
        package var topics: [String]
        /// How many events may wait for the consumer.
        package var queueLimit: Int

        package init(
            endpoints: [String],
            group: String? = nil,
            recovery: Recovery = .fetch,
            topics: [String] = ["chat.", "stream."],
            queueLimit: Int = 8192
        ) {
            self.endpoints = endpoints
            self.group = group
            self.recovery = recovery
            self.topics = topics
            self.queueLimit = queueLimit
        }
    }

    package init(_ configuration: Configuration, logger: Logger) throws {
        fatalError("stub")
    }

    /// Where to begin in one producer's journal.
    package enum Start: Sendable {
        /// Behind these offsets; a partition that is not named begins at the oldest retained event.
        case after([Int: Offset])
        /// At what is published from now on.
        case head
    }

    /// Begins, or begins again, to deliver a producer. What was queued of it before is discarded first, so that a
    /// consumer whose transaction was refused can go back to the committed offsets.
    package func follow(_ producer: String, from start: Start) async {
        fatalError("stub")
    }

    /// Up to `limit` events: returns as soon as there are that many, or when `wait` is over and there is at least one;
    /// empty when there is none. Nil when the follower has stopped and everything was taken.
    package func next(_ limit: Int, within wait: Duration) async -> [BusEvent]? {
        fatalError("stub")
    }

    /// Tells a producer what the group's database has committed. Sent at the latest with the next heartbeat.
    ///
    /// `database` is the database's own id, so that a test writer cannot make a journal forget.
    package func acknowledge(_ producer: String, committed: [Int: Offset], database: String) {
        fatalError("stub")
    }

    /// Receives until graceful shutdown or cancellation.
    package func run() async throws {
        fatalError("stub")
    }
}
