import EventStore
import Protocol
import TestSupport

@testable import EventBus
@testable import writer

/// The whole protocol in one thread, decided by a seed: producers with journals, lossy links, writers, a database.
///
/// The rules are production's: offsets, pages, pruning, the follower's state and queue, and the writer's whole loop. What
/// stands in for sockets, files and PostgreSQL is the simulation's.
final class ProtocolSimulation {
    /// What happened to an accepted event beside being accepted.
    enum Fortune: Hashable {
        case kept
        /// Removed by the journal's size limit before a writer had acknowledged it.
        case capped
        /// Lost with the power, or with a directory that was put back.
        case unsynced
    }

    /// How long after a commit a failover may lose it: less than what a journal keeps in any case.
    static let failoverWindow: Duration = .seconds(10)
    static let retention: Duration = .seconds(25)
    /// Logins of three partitions.
    static let subjects = ["quietharbor", "loudharbor", "nightowl", "quietharbor"]

    let seed: UInt64
    let ablations: Set<Ablation>
    var random: SeededGenerator
    let clock = SimulatedClock()
    let executor = StepExecutor()
    let database: SimulatedDatabase
    var producers: [SimulatedProducer] = []
    var writers: [SimulatedWriter] = []
    var tally = SimulationTally()
    var accepted: [SimulatedDatabase.Row: (partition: Int, fortune: Fortune)] = [:]
    /// Of a hundred frames, requests and replies, how many get lost.
    var losses: Int
    private let metrics: WriterMetrics
    private let queueLimit: Int
    private let batchRows: Int
    /// A directory is put back, or clocks are moved; both at once is more than is promised.
    let movesClocks: Bool
    /// Frames are forged; then nothing is lost with the power, put back or removed early, and rows have their keys.
    let forges: Bool
    /// Events that nobody accepted.
    var forged: Set<SimulatedDatabase.Row> = []
    /// Who speaks in place of a producer, by writer and producer.
    var impostors: [ObjectIdentifier: [String: SimulatedImpostor]] = [:]
    let drafts: [EventDraft]
    var backups: [String: SimulatedDisk] = [:]

    init(seed: UInt64, ablations: Set<Ablation> = [], drafts: [EventDraft], metrics: WriterMetrics) throws {
        self.seed = seed
        self.drafts = drafts
        self.ablations = ablations
        self.metrics = metrics
        random = SeededGenerator(seed: seed)
        losses = random.below(30)
        queueLimit = 4 + random.below(40)
        batchRows = 1 + random.below(12)
        movesClocks = random.below(2) == 0
        let isForging = random.below(4) == 0
        let forges = ablations.isEmpty && isForging
        self.forges = forges
        database = SimulatedDatabase(
            comparesOffsets: !ablations.contains(.compareAndSet),
            hasKeys: forges,
            clock: clock
        )
        let isFull = random.below(3) > 0 || forges
        let cap = random.below(3) == 0 && !forges ? 20 + random.below(40) : 100_000
        for index in 0..<2 + random.below(2) {
            let journal = JournalConfiguration(
                capBytes: cap,
                minimumAge: ablations.contains(.minimumRetention) ? .zero : Self.retention
            )
            let settings = SimulatedProducer.Settings(
                name: "gw-\(index)",
                sync: isFull ? .full : .normal,
                journal: journal,
                segmentEvents: 2 + random.below(12),
                ablations: ablations
            )
            let producer = SimulatedProducer(settings, drafts: drafts, clock: clock)
            producer.start()
            producers.append(producer)
        }
        for _ in 0...random.below(3) { try addWriter() }
    }

    deinit {
        for writer in writers { writer.kill() }
        executor.drain()
    }

    static func drafts() -> [EventDraft] {
        subjects.map { login in
            let event = Unban(
                broadcasterUserID: "1",
                broadcasterUserLogin: login,
                userID: "2",
                userLogin: "somebody",
                moderatorUserID: nil,
                moderatorUserLogin: nil,
                unbannedAt: Timestamp(milliseconds: 1_800_000_000_000),
                receivedAt: Timestamp(milliseconds: 1_800_000_000_000)
            )
            return EventDraft(domain: .chat, subject: login, time: event.unbannedAt, event: .unban(event))
        }
    }

    func addWriter() throws {
        writers.append(
            try SimulatedWriter(
                queueLimit: queueLimit,
                batchRows: batchRows,
                ablations: ablations,
                clock: clock,
                executor: executor,
                metrics: metrics
            )
        )
        executor.drain()
    }

    func removeWriter(_ index: Int) {
        let writer = writers.remove(at: index)
        tally.add(writer.follower.takeTally())
        let session = writer.store.session
        let commits = writer.store.calls.compactMap { call -> StoreBatch? in
            guard call.answer == nil, case .commit(let batch) = call.question else { return nil }
            return batch
        }
        writer.kill()
        executor.drain()
        guard let session else { return }
        // What it had sent may still be carried out.
        for batch in commits { database.abort(batch, fate(), session: session) }
        database.end(session)
    }

    func fate() -> SimulatedDatabase.Fate {
        switch random.below(3) {
        case 0: .committed
        case 1: .notCommitted
        default: .late
        }
    }

    // MARK: Rounds that both calm and storm know

    /// One round of a writer's follower and of the loop that it feeds.
    func turn(_ writer: SimulatedWriter) {
        guard !writer.isPaused else { return }
        for producer in producers { writer.follower.turn(producer.name, losses: losses, &random) }
        writer.source.wake()
        executor.drain()
        tally.add(writer.follower.takeTally())
    }

    /// The database answers one call of a writer, or carries it out and keeps the answer for later.
    func work(on writer: SimulatedWriter, isCalm: Bool) {
        guard let call = writer.store.calls.first(where: { $0.answer == nil }) else { return }
        guard !database.isDown else {
            call.answer = .failure(.unreachable)
            return
        }
        let session = writer.store.session.flatMap { database.isOpen($0) ? $0 : nil }
        guard let session else {
            guard writer.store.session == nil else { return cut(writer) }
            return writer.store.connected(as: database.connect())
        }
        switch call.question {
        case .offsets(let producer): call.answer = .offsets(database.offsets(of: producer))
        case .rebalance(let heard): call.answer = .share(database.rebalance(session, hearing: heard))
        case .commit(let batch):
            guard isCalm || random.below(10) > 0 else {
                database.abort(batch, fate(), session: session)
                return writer.store.disconnect { $0 === call ? .commitOutcomeUnknown : .unreachable }
            }
            call.answer = .outcome(database.commit(batch))
        }
    }

    /// The connection between a writer and the database is gone.
    func cut(_ writer: SimulatedWriter) {
        if let session = writer.store.session { database.end(session) }
        writer.store.disconnect { call in
            guard case .commit = call.question else { return .unreachable }
            return .commitOutcomeUnknown
        }
    }

    /// A writer learns what the database has said.
    func answer(_ writer: SimulatedWriter) {
        guard !writer.isPaused, let call = writer.store.calls.first(where: { $0.answer != nil }),
            let answer = call.answer
        else { return }
        writer.store.finish(call, answer)
        executor.drain()
    }

    func impostor(of producer: SimulatedProducer, before writer: SimulatedWriter) -> SimulatedImpostor? {
        impostors[ObjectIdentifier(writer)]?[producer.name]
    }

    func publish(_ producer: SimulatedProducer) {
        guard producer.mode == .running else { return }
        for event in producer.publish() {
            for writer in writers where impostor(of: producer, before: writer) == nil {
                writer.follower.publish(.event(event.frame), from: producer.name, losses: losses, &random)
            }
        }
    }

    func beat(_ producer: SimulatedProducer) {
        guard producer.serves, !ablations.contains(.heartbeat) else { return }
        for writer in writers {
            let impostor = impostor(of: producer, before: writer)
            writer.follower.publish(
                .heartbeat(epoch: impostor?.epoch ?? producer.epoch, heads: impostor?.heads ?? producer.published),
                from: producer.name,
                losses: losses,
                &random
            )
        }
    }
}
