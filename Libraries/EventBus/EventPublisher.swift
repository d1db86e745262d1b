package import Logging
package import Protocol
import ServiceLifecycle

/// Accepts events into the journal, then publishes them: the producer's side of the bus.
package final class EventPublisher: Service, Sendable {
    /// How a producer is set up.
    package struct Configuration: Sendable {
        /// `irc-gateway`, `stream-poller`, …
        package var service: String
        /// The first part of the producer's name, such as `gw`.
        package var prefix: String
        /// `STATE_DIR`.
        package var stateDirectory: String
        /// `BUS_BIND`; nil means `ipc://$STATE_DIR/bus/<service>-<slot>`.
        package var bind: String?
        package var journal: JournalConfiguration

        package init(
            service: String,
            prefix: String,
            stateDirectory: String,
            bind: String? = nil,
            journal: JournalConfiguration = .init()
        ) {
            self.service = service
            self.prefix = prefix
            self.stateDirectory = stateDirectory
            self.bind = bind
            self.journal = journal
        }
    }

    /// Claims a slot and opens its journal; binds nothing before `run()`.
    package init(_ configuration: Configuration, logger: Logger) throws {
        fatalError("stub")
    }

    /// The producer's identity, such as `gw-7f3a`, kept in the journal's directory.
    package var producer: String { fatalError("stub") }

    /// The claimed slot's directory, where a service may keep state that belongs to this producer.
    package var slotDirectory: String { fatalError("stub") }

    /// Queues events for the journal, in order. Suspends while the queue is full; returns when queued.
    /// - Throws: `CancellationError`, or an error once the publisher has stopped.
    package func publish(_ drafts: [EventDraft]) async throws {
        fatalError("stub")
    }

    /// Commits, publishes, answers requests and beats until graceful shutdown; then drains what was queued.
    package func run() async throws {
        fatalError("stub")
    }
}

/// How a journal keeps its events.
package struct JournalConfiguration: Sendable {
    /// What a commit survives.
    package enum Sync: String, Sendable {
        /// Power loss.
        case full
        /// `kill -9` of the process.
        case normal
    }

    package var sync: Sync
    /// Follower groups whose committed offsets hold segments back from pruning.
    package var requiredGroups: [String]
    /// Size at which a new segment is begun, in bytes.
    package var segmentBytes: Int
    /// All segments together, in bytes: beyond it the oldest goes, acknowledged or not.
    package var capBytes: Int
    /// Segments younger than this are kept even if everything in them was acknowledged.
    package var minimumAge: Duration

    package init(
        sync: Sync = .full,
        requiredGroups: [String] = ["writer"],
        segmentBytes: Int = 64 << 20,
        capBytes: Int = 8 << 30,
        minimumAge: Duration = .seconds(3600)
    ) {
        self.sync = sync
        self.requiredGroups = requiredGroups
        self.segmentBytes = segmentBytes
        self.capBytes = capBytes
        self.minimumAge = minimumAge
    }
}
