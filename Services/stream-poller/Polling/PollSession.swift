import Dispatch
import EventBus
import FoundationEssentials
import Logging
import Protocol

/// What the running poller knows, and its copies: in the journal, on disk, and for late joiners.
struct PollSession {
    var watch: Watch
    /// When Helix last answered for all channels in this run.
    var polledAt: Timestamp?
    private let publisher: EventPublisher
    private let clock: WallClock
    private let log: StreamLog
    private let logger: Logger
    /// What was told to a person.
    private var told: Watch
    private var version = 0
    private var isFailing = false
    private static let disk = DispatchQueue(label: "stream-poller.state")
    /// The journal commits within 10 ms; where it does not, the state waits for the next poll.
    private static let patience = Duration.seconds(5)

    /// What an earlier run knew.
    static func begin(
        _ publisher: EventPublisher,
        policy: StreamTracker.Policy,
        clock: WallClock,
        logger: Logger
    ) async throws -> PollSession {
        let recovered = try await onDisk {
            try SavedWatch.recover(publisher, at: clock.now(), policy: policy, logger: logger)
        }
        if recovered.replayed > 0 {
            logger.notice(
                "The last run ended before it saved its state; the journal's events were taken up",
                metadata: [PollerLogKey.count: "\(recovered.replayed)"]
            )
        }
        var session = PollSession(recovered.watch, publisher, clock, logger)
        if recovered.hasLostEvents {
            logger.warning("The journal has lost events that it had accepted; all streams are told again")
            try await session.publish(recovered.watch.announcements(at: clock.now()))
        }
        session.show()
        return session
    }

    private init(_ watch: Watch, _ publisher: EventPublisher, _ clock: WallClock, _ logger: Logger) {
        self.watch = watch
        self.publisher = publisher
        self.clock = clock
        self.logger = logger
        log = StreamLog(logger: logger)
        told = watch
    }

    /// Queues events for the journal, in order.
    func publish(_ drafts: [EventDraft]) async throws {
        guard !drafts.isEmpty else { return }
        try await publisher.publish(drafts)
    }

    /// Ends a poll: waits for the journal, saves, and shows the state to whoever asks.
    mutating func close() async {
        log.tell(told, watch)
        told = watch
        show()
        guard await publisher.settle(within: Self.patience) else { return }
        let saved = SavedWatch(watch: watch, heads: publisher.acceptedHeads)
        do {
            try await Self.onDisk { [publisher] in try saved.save(publisher) }
            note(failure: nil)
        } catch {
            note(failure: error)
        }
    }

    private mutating func show() {
        // Versions grow over restarts without being saved: no two polls are within one millisecond.
        version = max(version + 1, Int(clock.now().rawValue))
        set(StreamsState.topic, watch.streams(polledAt: polledAt))
        set(ChannelsState.topic, watch.directory.state)
    }

    private func set(_ topic: String, _ state: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(state) else { return }
        publisher.setSnapshot(topic, version: version, json: Array(json))
    }

    /// One line when saving begins to fail, one when it works again.
    private mutating func note(failure: (any Error)?) {
        defer { isFailing = failure != nil }
        guard isFailing != (failure != nil) else { return }
        if let failure {
            logger.warning(
                "The state of streams cannot be saved; a restart would replay it from the journal",
                metadata: [PollerLogKey.error: "\(failure)"]
            )
        } else {
            logger.notice("The state of streams is saved again")
        }
    }

    private static func onDisk<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            disk.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
