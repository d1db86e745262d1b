import Protocol

@testable import EventBus

/// A gateway's bus side: production's rules for offsets, pages and pruning over a journal in memory.
final class SimulatedProducer {
    enum Mode: Hashable {
        case down
        case running
        /// Another process serves what this one left behind.
        case adopted
    }

    /// How the seed has set it up.
    struct Settings {
        var name: String
        var sync: JournalConfiguration.Sync
        var journal: JournalConfiguration
        /// Events in one segment.
        var segmentEvents: Int
        var ablations: Set<Ablation>
    }

    let settings: Settings
    private let clock: SimulatedClock
    private let drafts: [EventDraft]
    private(set) var mode = Mode.down
    private(set) var disk = SimulatedDisk()
    /// What a power failure leaves.
    private var synced = SimulatedDisk()
    private(set) var epoch: UInt32 = 0
    private var sequence = OffsetSequence(epoch: 0)
    private(set) var heads = [Offset](repeating: .zero, count: Partition.count)
    /// What heartbeats tell.
    private(set) var published: [Int: Offset] = [:]
    private var unpublished: [JournalEvent] = []
    private var delivered = DeliveryTimes()
    private(set) var startedAt: Duration?

    init(_ settings: Settings, drafts: [EventDraft], clock: SimulatedClock) {
        self.settings = settings
        self.drafts = drafts
        self.clock = clock
    }

    var name: String { settings.name }
    var serves: Bool { mode != .down }
    var partitions: [Int: Offset] {
        Dictionary(uniqueKeysWithValues: heads.indices.filter { heads[$0] > .zero }.map { ($0, heads[$0]) })
    }

    // MARK: Life

    func start() {
        open()
        let highest = heads.max() ?? .zero
        if settings.ablations.contains(.epochBump), let saved = disk.epoch {
            epoch = saved
            sequence = OffsetSequence(epoch: saved, next: highest.epoch == saved ? highest.sequence + 1 : 1)
        } else {
            epoch = Epoch.next(saved: disk.epoch, highest: highest, now: clock.wall) ?? 0
            sequence = OffsetSequence(epoch: epoch)
        }
        disk.epoch = epoch
        synced.epoch = epoch
        mode = .running
        startedAt = clock.elapsed
    }

    /// Serves what is there without ever appending.
    func adopt() {
        open()
        epoch = disk.epoch ?? 0
        mode = .adopted
    }

    private func open() {
        heads = disk.heads
        delivered = DeliveryTimes()
        // Where the journal was known to go further, its end is lost: it goes on in another segment.
        let isCut = heads.indices.contains { disk.noted[$0] > heads[$0] }
        if isCut { heads = zip(heads, disk.noted).map { max($0, $1) } }
        if isCut || disk.catalog.segments.isEmpty {
            disk.roll(heads: heads, at: clock.wall)
            sync()
        }
        published = partitions
        unpublished = []
    }

    /// The process is gone; its files stay.
    func kill() {
        mode = .down
        unpublished = []
    }

    /// The machine is gone: what was not synced as well.
    func losePower(keepsNotedHeads: Bool) {
        kill()
        let noted = disk.noted
        disk = synced
        if keepsNotedHeads { disk.noted = noted }
    }

    /// The directory is put back as it was.
    func restore(_ backup: SimulatedDisk) {
        kill()
        disk = backup
        synced = backup
    }

    func sync() { synced = disk }

    // MARK: Events

    /// Accepts one event for each subject named; they are published later, if the process lives.
    func append(_ subjects: [Int]) -> [JournalEvent] {
        let isFull = disk.rows[disk.newest].map { $0.count >= settings.segmentEvents } ?? true
        if isFull { disk.roll(heads: heads, at: clock.wall) }
        let events = subjects.enumerated().map { index, subject in
            let draft = drafts[subject]
            let partition = Partition.of(draft.subject)
            let offset = sequence.offset(at: index)
            defer { heads[partition] = offset }
            let frame = EventFrame.encode(
                draft,
                service: "irc-gateway",
                producer: name,
                partition: partition,
                offset: offset,
                previous: heads[partition]
            )
            return JournalEvent(
                partition: partition,
                offset: offset,
                previous: heads[partition],
                frame: frame,
                jsonStart: 0
            )
        }
        sequence.advance(by: events.count)
        disk.rows[disk.newest, default: []] += events.map {
            BatchRecord(partition: $0.partition, offset: $0.offset, previous: $0.previous, frame: $0.frame[...])
        }
        disk.noted = heads
        if settings.sync == .full { sync() }
        unpublished += events
        return events
    }

    /// What is to go out now.
    func publish() -> [JournalEvent] {
        defer { unpublished = [] }
        for event in unpublished { published[event.partition] = event.offset }
        return unpublished
    }

    /// Events that the size limit has removed before their time, stored or not, and how many segments went.
    struct Pruned {
        var segments = 0
        var forced: [Offset] = []
    }

    func prune() -> Pruned {
        let candidates = disk.catalog.extents(heads: heads).map {
            PrunePolicy.Candidate(extent: $0, bytes: disk.rows[$0.number]?.count ?? 0)
        }
        var policy = PrunePolicy(settings.journal)
        policy.freshness = .seconds(5)
        var roomy = policy
        roomy.capBytes = .max
        var times = delivered
        let due = roomy.removals(
            candidates,
            acknowledged: disk.acknowledged,
            delivered: &times,
            now: clock.now
        ).map(\.number)
        let removed = policy.removals(
            candidates,
            acknowledged: disk.acknowledged,
            delivered: &delivered,
            now: clock.now
        ).map(\.number)
        let forced = removed.filter { !due.contains($0) }.flatMap { disk.rows[$0] ?? [] }.map(\.offset)
        disk.remove(removed)
        synced.remove(removed)
        return Pruned(segments: removed.count, forced: forced)
    }

    /// As `ServedJournal` answers.
    func answer(_ request: BusRequest, pageBytes: Int) -> BusReply? {
        switch request {
        case .hello(let hello):
            return .hello(
                HelloReply(
                    request: hello.request,
                    service: "irc-gateway",
                    producer: name,
                    epoch: epoch,
                    partitions: Partition.count
                )
            )
        case .fetch(let fetch):
            let page = disk.read(after: fetch.after, heads: heads, maximumBytes: pageBytes)
            let reply = FetchReply(
                request: fetch.request,
                count: page.events.count,
                truncated: page.truncated.map {
                    .init(partition: $0.partition, after: $0.after, through: $0.through)
                },
                complete: page.complete,
                heads: partitions,
                epoch: mode == .running ? epoch : nil
            )
            return .fetch(reply, frames: page.events.map(\.frame))
        case .ack(let ack):
            let isSetBack = disk.acknowledged.isSetBack(group: ack.group, committed: ack.committed)
            let change = try? disk.acknowledged.acknowledge(
                group: ack.group,
                database: ack.database,
                committed: ack.committed.filter { $0.value <= partitions[$0.key] ?? .zero },
                partitions: Partition.count,
                file: "acknowledged.json"
            )
            if change != nil {
                synced.acknowledged = disk.acknowledged
                if isSetBack { delivered.beginAnew() }
                delivered.heard(from: ack.group, at: clock.now)
            }
            return .ack(AckReply(request: ack.request, accepted: change != nil))
        case .heads, .snap:
            return nil
        }
    }
}
