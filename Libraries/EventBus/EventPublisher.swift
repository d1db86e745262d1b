import Glibc
package import Logging
import Metrics
package import Protocol
import ServiceLifecycle
import Synchronization
import ZeroMQ

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
        /// Own key and whom to let in: with it every tcp endpoint is encrypted, ipc never is.
        package var security: BusSecurity?
        /// `BUS_ALLOW_PLAINTEXT`: whether `bind` may be an address that other machines reach, unencrypted. It is then
        /// plain text even where there are keys.
        package var allowsPlaintext = false
        /// How many events may wait to be committed.
        package var queueLimit = 50_000
        /// How many bytes of events may wait to be committed.
        package var queueBytes = 64 << 20
        /// Called, from the publisher's threads, with a reason when events cannot be accepted or followers not connect, and
        /// with nil when they can again: for the service's health.
        package var onJournalTrouble: @Sendable (_ reason: String?) -> Void = { _ in }
        /// Called, from the serving thread, with a reason when a writer with another database acknowledges, and with nil
        /// when none has for half a minute: for the service's health.
        package var onForeignArchive: @Sendable (_ reason: String?) -> Void = { _ in }
        var clock = WallClock.system
        var timing = PublisherTiming()

        package init(
            service: String,
            prefix: String,
            stateDirectory: String,
            bind: String? = nil,
            journal: JournalConfiguration = .init(),
            security: BusSecurity? = nil
        ) {
            self.service = service
            self.prefix = prefix
            self.stateDirectory = stateDirectory
            self.bind = bind
            self.journal = journal
            self.security = security
        }

        /// What a producer binds unless it is told otherwise.
        func defaultBind(slot: Int) -> String {
            "ipc://\(stateDirectory)/bus/\(service)-\(slot)"
        }
    }

    private let configuration: Configuration
    private let logger: Logger
    private let context: Context
    private let slot: JournalSlot
    let journal: Journal
    private let bind: BusAddress
    private let encryption: BusSecurity?
    private let bound = Mutex<BusAddress?>(nil)
    private let queue: DraftQueue
    private let committer: WakeUp
    private let stop: ServeLoop.Stop
    private let snapshots = SnapshotRegistry()
    private let metrics = PublisherMetrics()
    private let trouble: PublisherTrouble

    /// Claims a slot and opens its journal; binds nothing before `run()`.
    /// - Throws: `BusAddressError` or `JournalError`, each one line for the operator.
    package init(_ configuration: Configuration, logger: Logger) throws {
        let slot = try JournalSlot.claim(
            stateDirectory: configuration.stateDirectory,
            service: configuration.service,
            prefix: configuration.prefix
        )
        bind = try BusAddress(configuration.bind ?? configuration.defaultBind(slot: slot.number))
        encryption = try EventEncryption.required(
            of: bind,
            security: configuration.security,
            allowsPlaintext: configuration.allowsPlaintext
        )
        var logger = logger
        logger[metadataKey: "bus.producer"] = "\(slot.producer)"
        self.logger = logger
        self.configuration = configuration
        if case .tcp = bind.transport, encryption == nil, !configuration.allowsPlaintext {
            logger.warning(
                "a tcp endpoint is bound in plain text",
                metadata: ["bus.endpoint": "\(bind)", "hint": "\(EventFollower.plaintextHint)"]
            )
        }
        trouble = PublisherTrouble(configuration.onJournalTrouble)
        self.slot = slot
        context = try Context.process.get()
        let clock = configuration.clock
        journal = try Journal(
            slot: slot,
            configuration: configuration.journal,
            now: { clock.now() },
            logger: logger
        )
        committer = try WakeUp()
        stop = try ServeLoop.Stop()
        queue = DraftQueue(
            eventLimit: configuration.queueLimit,
            byteLimit: configuration.queueBytes,
            wakingUp: committer
        )
    }

    /// The producer's identity, such as `gw-7f3a`, kept in the journal's directory.
    package var producer: String { slot.producer }

    /// The claimed slot's directory, where a service may keep state that belongs to this producer.
    package var slotDirectory: String { slot.directory }

    /// Where events are published; nil until `run()` has bound it. A port of `*` is the real one here.
    package var endpoint: String? { bound.withLock { $0?.description } }

    /// How many events wait for the journal; all of them would be lost with the process.
    package var queuedEvents: Int { queue.uncommitted }

    /// When the journal last accepted an event in an earlier run of this producer; nil when it holds none.
    package var lastAcceptedBefore: Timestamp? { journal.lastAcceptedBefore }

    /// Whether a required group has not committed everything that was accepted.
    package var hasUndelivered: Bool { journal.undelivered }

    /// What the journal has done since the publisher was made.
    package var journalCounters: JournalCounters { journal.counters }

    /// Queues events for the journal, in order. Suspends while the queue is full; returns when queued.
    ///
    /// What would be larger than any envelope that is read is left out, counted and told of: one such event must not
    /// hold up the others. So is a `token.issued`: tokens travel on their own endpoint, never through a journal.
    /// - Throws: `CancellationError`, or `PublisherStopped` once the publisher has stopped.
    package func publish(_ drafts: [EventDraft]) async throws {
        guard drafts.contains(where: { $0.isTooLarge || $0.isSecret }) else { return try await queue.put(drafts) }
        for draft in drafts where draft.isTooLarge {
            metrics.refused.increment()
            logger.error("an event is too large for the bus and was dropped", metadata: ["event": "\(draft)"])
        }
        for draft in drafts where draft.isSecret {
            metrics.refused.increment()
            logger.error("a token must not enter a journal and was dropped", metadata: ["event": "\(draft)"])
        }
        try await queue.put(drafts.filter { !$0.isTooLarge && !$0.isSecret })
    }

    /// Sets what SNAP answers for a topic: one JSON value. The highest version wins.
    package func setSnapshot(_ topic: String, version: Int, json: [UInt8]) {
        snapshots.set(topic, version: version, json: json)
    }

    /// Reads back about the `count` newest events of earlier runs, oldest first. To be called before `run()`.
    /// - Throws: `JournalError` when the disk cannot be read.
    package func forEachLatest(_ count: UInt32, _ body: (JournalEvent) -> Void) throws {
        let heads = journal.heads()
        guard let newest = heads.values.max() else { return }
        let start = Offset(
            epoch: newest.epoch,
            sequence: newest.sequence > count ? newest.sequence - count : 0
        )
        var after = heads.mapValues { min($0, start) }
        while true {
            let page = try journal.read(after: after, maximumBytes: 1 << 20)
            for loss in page.truncated { after[loss.partition] = loss.through }
            for event in page.events {
                after[event.partition] = event.offset
                body(event)
            }
            if page.complete || (page.events.isEmpty && page.truncated.isEmpty) { return }
        }
    }

    /// Commits, publishes, answers requests and beats until graceful shutdown; then drains what was queued.
    package func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await DedicatedThread.run("bus-publisher") { [self] in try serve() }
        } onCancelOrGracefulShutdown: { [queue] in
            queue.close()
        }
    }

    /// Binds, starts the commit thread, serves on this one, and closes everything when both have ended.
    private func serve() throws {
        defer {
            queue.close()
            journal.close()
            slot.close()
        }
        let access = try encryption.map { security in
            try EndpointGuard(
                security,
                allowing: nil,
                label: configuration.service,
                silence: configuration.timing.access * 30
            )
        }
        let sockets = try ProducerSockets(bind, heads: journal.heads(), access: access, context: context)
        defer {
            sockets.close()
            // libzmq hands over what is queued in the background, and our process may end right after us.
            usleep(200_000)
        }
        bound.withLock { $0 = sockets.address }
        access?.warn(logger)
        logger.info(
            "publishing",
            metadata: ["bus.endpoint": "\(sockets.address)", "bus.encrypted": "\(access != nil)"]
        )
        let own = ServedJournal(journal, sockets: sockets, snapshots: snapshots)

        let committing = startCommitting(into: own)
        do {
            try serveRequests(of: own)
        } catch {
            queue.close()
            _ = committing.wait()
            throw error
        }
        try committing.wait().get()
    }

    private func startCommitting(into own: ServedJournal) -> ThreadResult {
        let result = ThreadResult()
        DedicatedThread.start("bus-commit") { [self] in
            let loop = CommitLoop(
                queue,
                wokenBy: committer,
                into: own,
                timing: configuration.timing,
                metrics: metrics,
                onTrouble: { [trouble] in trouble.set(.commits, $0) },
                logger: logger
            )
            result.set(Result { try loop.run() })
            // Serving ends when there is nothing more to publish.
            queue.close()
            stop.request()
        }
        return result
    }

    private func serveRequests(of own: ServedJournal) throws {
        let abandoned = AbandonedSlots(
            configuration,
            beside: own.sockets.address,
            clock: configuration.clock,
            context: context,
            logger: logger
        )
        try ServeLoop(
            own,
            adopting: abandoned,
            until: stop,
            timing: configuration.timing,
            clock: configuration.clock,
            metrics: metrics,
            trouble: trouble,
            onForeignArchive: configuration.onForeignArchive,
            logger: logger
        ).run()
    }
}

extension EventDraft {
    /// Whether it holds an access token.
    fileprivate var isSecret: Bool { type == .tokenIssued }
}
