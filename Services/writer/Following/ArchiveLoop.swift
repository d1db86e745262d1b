import EventBus
import EventStore
import Logging
import Protocol
import ServiceRuntime

/// Pulls events, collects the next batch while the previous one is written, and keeps every cursor right.
///
/// Memory is bounded: one batch under way, one being collected; while the database does not answer, nothing is pulled.
struct ArchiveLoop {
    /// How often the committed offsets are compared with the cursors, and told to the producers.
    static let checkInterval: Duration = .seconds(30)
    /// How often it is looked at whether the database's name still leads to what is open, also when nothing is written.
    static let verifyInterval: Duration = .seconds(5)
    /// How many rows one step of attribution looks at: some 20 ms in which no batch is written.
    static let attributionRows = 2000

    /// How often the writers of one database look whether they share its partitions fairly, and who hears whom.
    static let shareInterval: Duration = .seconds(1)
    /// The same while a producer was found and is not heard yet, for as long as `eagerness`.
    static let eagerInterval: Duration = .milliseconds(200)
    static let eagerness: Duration = .seconds(5)
    /// How long a writer is not ready after it has put an offset back.
    static let rewindAlarm: Duration = .seconds(300)

    private let source: any EventSource
    private let committer: BatchCommitter
    private let database: String
    private let delay: Duration
    private let clock: WallClock
    private let time: LoopTime
    private let health: Health
    private let metrics: WriterMetrics
    private let logger: Logger

    private var builder: BatchBuilder
    private var collectingSince: ContinuousClock.Instant
    private var checked: ContinuousClock.Instant
    private var verified: ContinuousClock.Instant
    private var shared: ContinuousClock.Instant?
    /// Until then a producer that was found is likely to be heard any moment.
    private var eagerUntil: ContinuousClock.Instant?
    private var voices: VoiceReport
    /// Until when it is told that offsets were put back.
    private var rewoundUntil: ContinuousClock.Instant?
    private var inFlight: CommitInFlight?
    /// The partitions whose owner this writer is.
    private var owned: Set<Int> = []
    private var attribution = AttributionSchedule()
    private var consent = ProducerConsent()
    private var wasAbandoned = false
    /// What is left of these in the delivery at hand is from before they were begun again: it will come once more.
    private var restarted: Set<String> = []

    init(
        source: any EventSource,
        committer: BatchCommitter,
        database: String,
        limits: BatchBuilder.Limits,
        delay: Duration
    ) {
        self.source = source
        self.committer = committer
        self.database = database
        self.delay = delay
        clock = committer.clock
        time = committer.time
        health = committer.health
        metrics = committer.metrics
        logger = committer.logger
        builder = BatchBuilder(limits: limits)
        builder.ownership = [:]
        voices = VoiceReport(health: committer.health, logger: committer.logger)
        collectingSince = time.now()
        checked = time.now()
        verified = time.now()
    }

    /// Runs until the source has stopped and everything it gave is stored.
    mutating func run() async throws {
        while true {
            try await shareWhenDue()
            if builder.isEmpty { collectingSince = time.now() }
            guard let events = await source.next(builder.room, within: patience) else { break }
            try await take(events)
            try await settle()
        }
        try await finish()
        if !builder.isEmpty {
            start()
            try await finish()
        }
    }

    /// How long the source may wait for more.
    private var patience: Duration {
        if inFlight == nil, attribution.isDue(at: time.now()) { return .milliseconds(1) }
        // It waits for nothing but the commit under way.
        if builder.isFull { return .milliseconds(2) }
        let rest = delay - (time.now() - collectingSince)
        // Overdue only while a commit is under way: look again soon whether it has ended.
        return max(rest, .milliseconds(10))
    }

    private mutating func take(_ events: [BusEvent]) async throws {
        restarted = []
        var overruns: [String: [Overrun]] = [:]
        for event in events {
            switch event {
            case .producer(let hello):
                try check(hello)
                eagerUntil = time.now() + Self.eagerness
                restarted.insert(hello.producer)
                consent.ask(hello.producer, at: time.now())
                try await acknowledgeStored(hello.producer)
            case .acknowledged(let producer, let refusal):
                try await answered(producer, refusal)
            case .event(let received) where !restarted.contains(received.producer):
                recordSetBack(received)
                if builder.add(received) == .discontinuous {
                    metrics.discontinuous()
                    logger.warning(
                        "events are missing before this one; fetching from the committed offset",
                        metadata: .keyed([
                            .producer: "\(received.producer)", .partition: "\(received.partition)",
                            .offset: "\(received.offset)",
                        ])
                    )
                    // Should it go on, it goes on slowly.
                    await time.sleep(.milliseconds(250))
                    try await restart(received.producer)
                }
            case .truncated(let producer, let partition, let after, let through) where !restarted.contains(producer):
                let key = PartitionKey(producer: producer, partition: partition)
                try await recordGap(key, after: after, through: through)
            case .overrun(let producer, let partition, let offset, let head):
                overruns[producer, default: []].append(Overrun(partition: partition, offset: offset, head: head))
            case .silent(let producer):
                logger.warning("nothing heard of a producer for 5 s", metadata: .keyed([.producer: "\(producer)"]))
            case .event, .truncated, .missed:
                break
            }
        }
        for (producer, found) in overruns.sorted(by: { $0.key < $1.key }) where !restarted.contains(producer) {
            try await rewind(producer, found)
        }
    }

    /// A stored offset that is beyond the head of the producer's running journal.
    private struct Overrun {
        var partition: Int
        var offset: Offset
        var head: Offset
    }

    /// Somebody else spoke for the producer, or its directory and its clock were set back: what it accepts from now on would
    /// be taken for stored already. The partitions begin anew at the oldest event that the journal has; what is there
    /// already is recognised by its keys, and a row of `collection_gaps` says where the offset was.
    private mutating func rewind(_ producer: String, _ overruns: [Overrun]) async throws {
        // The offset may still be in the batch that is being collected.
        try await finish()
        start()
        try await finish()
        guard !restarted.contains(producer), let stored = await committer.offsets(of: producer) else { return }
        let owned = builder.partitions(of: producer)
        for overrun in overruns where owned.contains(overrun.partition) && stored[overrun.partition] == overrun.offset {
            let key = PartitionKey(producer: producer, partition: overrun.partition)
            builder.rewind(key, from: overrun.offset, head: overrun.head, detectedAt: clock.now())
            logger.error(
                "a stored offset is beyond its producer's journal; the partition is read again from the journal's start",
                metadata: .keyed([
                    .producer: "\(producer)", .partition: "\(overrun.partition)",
                    .offset: "\(overrun.offset), the journal ends at \(overrun.head)",
                ])
            )
            metrics.rewound()
            rewoundUntil = time.now() + Self.rewindAlarm
            health.report(
                "offsets",
                reason:
                    "the database had offsets of \(producer) that it has never reached: somebody else spoke for it, or its "
                    + "directory and clock were set back; its journal is read again, see collection_gaps"
            )
        }
        start()
        try await finish()
        if !restarted.contains(producer) { try await restart(producer) }
    }

    /// Whether its journal is kept for our database.
    private mutating func answered(_ producer: String, _ refusal: String?) async throws {
        let mayFollow = consent.answered(producer, isRefused: refusal != nil)
        health.report("acknowledgements", reason: consent.obstacle)
        if mayFollow {
            logger.info("following a producer", metadata: .keyed([.producer: "\(producer)"]))
            return try await restart(producer)
        }
        guard refusal != nil else { return }
        try await finish()
        builder.forget(producer)
    }

    /// Tells a producer how far it is stored, from what the database says.
    private mutating func acknowledgeStored(_ producer: String) async throws {
        try await finish()
        guard let offsets = await committer.offsets(of: producer) else { return }
        let partitions = builder.partitions(of: producer)
        let own = offsets.filter { partitions.contains($0.key) && $0.value > .zero }
        source.acknowledge(producer, committed: own, database: database)
    }

    private func check(_ hello: ProducerHello) throws {
        guard hello.partitions == Partition.count else {
            throw ServiceFailure(
                .configuration,
                "producer \(hello.producer) has \(hello.partitions) partitions, this writer \(Partition.count); "
                    + "run the same version of both"
            )
        }
    }

    /// Unless another writer has already passed the gap: then the producer is begun again behind it.
    private mutating func recordGap(_ key: PartitionKey, after: Offset, through: Offset) async throws {
        guard builder.follows(key.producer) else { return }
        if let stored = await committer.offsets(of: key.producer)?[key.partition], stored >= through {
            return try await restart(key.producer)
        }
        if builder.addGap(key, after: after, through: through, detectedAt: clock.now()) {
            logger.error(
                "the journal no longer has these events; recorded in collection_gaps",
                metadata: .keyed([
                    .producer: "\(key.producer)", .partition: "\(key.partition)",
                    .offset: "\(after) to \(through)",
                ])
            )
        }
    }

    /// A journal that no longer knows what is stored here was restored from an older copy, or lost its unsynced end:
    /// what it accepted after that copy and nobody stored is gone, and nobody can say how much it was.
    private mutating func recordSetBack(_ received: ReceivedEvent) {
        guard let through = builder.setBack(before: received) else { return }
        let key = PartitionKey(producer: received.producer, partition: received.partition)
        let after = builder.cursors(of: received.producer)[received.partition] ?? .zero
        guard builder.addGap(key, after: after, through: through, detectedAt: clock.now()) else { return }
        logger.error(
            "the journal was set back: it does not know events that are stored; what it lost is recorded in collection_gaps",
            metadata: .keyed([
                .producer: "\(key.producer)", .partition: "\(key.partition)", .offset: "\(after) to \(through)",
            ])
        )
    }

    /// Begins a producer again at its committed offsets.
    private mutating func restart(_ producer: String) async throws {
        // Waiting for a commit that is refused begins others again as well.
        try await finish()
        restarted.insert(producer)
        guard let offsets = await committer.offsets(of: producer) else { return }
        builder.begin(producer, at: offsets)
        let own = builder.cursors(of: producer)
        let partitions = builder.partitions(of: producer)
        // From the very beginning where nothing is stored: what the journal has lost before that is a gap as well. But not
        // where an offset was put back: what the journal no longer has was stored before that.
        let beginnings = Dictionary(
            uniqueKeysWithValues: partitions.filter { offsets[$0] != .zero }.map { ($0, own[$0] ?? .zero) }
        )
        await source.follow(producer, from: .after(beginnings), partitions: partitions)
        // Also where nothing is stored any more: a journal keeps what a failover has taken back.
        source.acknowledge(producer, committed: beginnings, database: database)
    }

    // MARK: Sharing

    private mutating func shareWhenDue() async throws {
        let isEager = eagerUntil.map { time.now() < $0 && isAnybodyNew } ?? false
        let interval = isEager ? Self.eagerInterval : Self.shareInterval
        guard shared.map({ time.now() - $0 >= interval }) ?? true else { return }
        try await finish()
        _ = try await share()
    }

    /// A producer was found, and it is not decided yet who writes it.
    private var isAnybodyNew: Bool { builder.producers.contains { builder.ownership?[$0] == nil } }

    /// Takes and gives up partitions while no commit is under way; what was collected of those given up is dropped.
    /// - Returns: Whose share is another one than before, so that they were begun again.
    private mutating func share() async throws -> Set<String> {
        let reach = source.reach
        guard let ownership = await committer.rebalance(hearing: reach.heard) else { return [] }
        let isFirst = shared == nil
        shared = time.now()
        if let until = rewoundUntil, until <= time.now() {
            rewoundUntil = nil
            health.report("offsets", reason: nil)
        }
        voices.report(ownership, reach, at: clock.now(), now: time.now())
        if committer.store.sharesPartitions, isFirst || ownership.partitions != owned {
            logger.info(
                "writing a share of the partitions",
                metadata: .keyed([.partition: "\(ownership.partitions.count) of \(Partition.count)"])
            )
            metrics.owns(ownership.partitions.count)
        }
        owned = ownership.partitions
        let before = builder.ownership ?? [:]
        builder.ownership = ownership.producers
        let changed = builder.producers.filter { before[$0] ?? [] != ownership.producers[$0] ?? [] }
        for producer in changed { try await restart(producer) }
        return Set(changed)
    }

    /// Starts and ends commits as they become due.
    private mutating func settle() async throws {
        if let inFlight, inFlight.isFinished { try await finish() }
        if inFlight == nil, time.now() - verified >= Self.verifyInterval {
            verified = time.now()
            if await committer.verify() { try await compareOffsets() }
        }
        if inFlight == nil, time.now() - checked >= Self.checkInterval { try await compareOffsets() }
        if inFlight == nil {
            for producer in consent.due(at: time.now()) { try await acknowledgeStored(producer) }
        }
        // Behind a backlog a batch grows while the one before it is written: larger ones cost less for each row.
        if builder.isFull, inFlight != nil, !builder.isBrimful { return }
        if builder.isFull {
            try await finish()
            // Between two batches, so that it goes on under any load.
            await attribute()
            start()
        } else if inFlight == nil, !builder.isEmpty, time.now() - collectingSince >= delay {
            start()
        } else if inFlight == nil, attribution.isDue(at: time.now()) {
            await attribute()
        }
    }

    private mutating func start() {
        guard !builder.isEmpty, !wasAbandoned else { return }
        inFlight = CommitInFlight.start(builder.take(), with: committer)
        collectingSince = time.now()
    }

    /// One step of putting rows right whose stream became known after them. A failure is left for later: nothing is
    /// lost, and a person hears of a database that does not answer when a batch meets it.
    private mutating func attribute() async {
        guard attribution.isDue(at: time.now()) else { return }
        do throws(EventStoreError) {
            let progress = try await committer.store.settleAttribution(rows: Self.attributionRows)
            metrics.attributed(progress)
            attribution.settled(isUnfinished: progress.isUnfinished)
        } catch {
            guard error.code == .refused || error.code == .schema else {
                metrics.retried(error)
                return attribution.failed(at: time.now())
            }
            guard attribution.failedForGood(at: time.now()) else { return }
            logger.error("rows keep a stream that may be wrong", metadata: .keyed([.error: "\(error)"]))
        }
    }

    /// Waits for the commit under way, if there is one.
    private mutating func finish() async throws {
        guard let commit = inFlight else { return }
        inFlight = nil
        switch await commit.result {
        case .committed:
            acknowledge(commit.batch)
            if commit.batch.reportsStreams { attribution.check() }
        case .fenced:
            metrics.fenced()
            logger.notice("another writer moved an offset; beginning again at the committed ones")
            let begun = try await share()
            for producer in commit.batch.producers.subtracting(begun).sorted() { try await restart(producer) }
        case .abandoned:
            wasAbandoned = true
            logger.warning("stopping without the last batch; the journal keeps it")
        }
    }

    private func acknowledge(_ batch: PendingBatch) {
        var committed: [String: [Int: Offset]] = [:]
        for advance in batch.advances { committed[advance.producer, default: [:]][advance.partition] = advance.next }
        for (producer, offsets) in committed {
            source.acknowledge(producer, committed: offsets, database: database)
        }
    }

    /// The committed offsets must be where the cursors are; where they are not, somebody else wrote, or the database has
    /// failed over to an older state. Nothing is under way.
    private mutating func compareOffsets() async throws {
        checked = time.now()
        attribution.check()
        for producer in builder.producers {
            guard let offsets = await committer.offsets(of: producer) else { return }
            let partitions = builder.partitions(of: producer)
            let own = offsets.filter { partitions.contains($0.key) && $0.value > .zero }
            if own == builder.committed(of: producer) {
                source.acknowledge(producer, committed: own, database: database)
            } else {
                try await restart(producer)
            }
        }
    }
}
