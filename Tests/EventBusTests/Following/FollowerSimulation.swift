import EventBus
import Protocol
import TestSupport

/// A producer's journal, a lossy live link, lossy requests, and a consumer that sometimes goes back: everything
/// around `FollowerState`, in one thread and decided by a seed.
struct FollowerSimulation {
    struct Event: Hashable {
        var partition: Int
        var previous: Offset
        var offset: Offset
    }

    enum Frame {
        case event(Event)
        case heartbeat(epoch: UInt32, heads: [Int: Offset])
    }

    struct Page {
        var request: Int
        var truncated: [FollowerState.Hole] = []
        var events: [Event] = []
        var complete = false
    }

    enum Reply {
        case page(Page)
        case hello(UInt32)
    }

    static let partitions = [0, 5, 31]
    var random: SeededGenerator
    let recovery: EventFollower.Configuration.Recovery
    var isLossy = true
    /// Of a hundred frames, requests and replies, how many get lost: calm seas and storms.
    private let losses: Int

    // The producer.
    var epoch: UInt32 = 1
    var sequence: UInt32 = 0
    var history: [Event] = []
    var pruned = 0
    var heads: [Int: Offset] = [:]

    // What is under way.
    var link: [Frame] = []
    var requests: [(number: Int, after: [Int: Offset])] = []
    var replies: [Reply] = []
    var inFlight: Int?
    var lastRequest = 0
    var needsHello = true

    // The follower and its consumer: what it was given, and how much of that is committed.
    var state: FollowerState
    var log: [Int: [Entry]] = [:]
    var committed: [Int: Int] = [:]
    var deliveredLive = 0

    enum Entry: Hashable {
        case event(Offset)
        case hole(after: Offset, through: Offset)

        var end: Offset {
            switch self {
            case .event(let offset): offset
            case .hole(_, let through): through
            }
        }
    }

    init(seed: UInt64, recovery: EventFollower.Configuration.Recovery) {
        random = SeededGenerator(seed: seed)
        losses = random.below(30)
        self.recovery = recovery
        state = FollowerState(partitions: Set(Self.partitions), recovery: recovery)
    }

    // MARK: Steps

    mutating func step() {
        switch random.below(100) {
        case 0..<12: publish()
        case 12..<16: send(.heartbeat(epoch: epoch, heads: heads))
        case 16..<40: for _ in 0...random.below(6) { receive() }
        case 40..<58: ask()
        case 58..<76: answer()
        case 76..<94: takeReply()
        case 94: giveUp()
        case 95: commit()
        case 96: if random.below(3) == 0 { goBack() }
        case 97: if random.below(3) == 0 { restartProducer() }
        case 98: if random.below(3) == 0 { prune() }
        default: link.removeAll()
        }
    }

    /// Without faults, everything that was published is delivered in a bounded number of steps.
    mutating func settle() -> Bool {
        isLossy = false
        for _ in 0..<2000 {
            giveUp()
            send(.heartbeat(epoch: epoch, heads: heads))
            while !link.isEmpty, listens { receive() }
            if link.count > 50 { link.removeFirst(link.count - 50) }
            ask()
            while !requests.isEmpty { answer() }
            while !replies.isEmpty { takeReply() }
            if !needsHello, state.mode == .live, Self.partitions.allSatisfy({ state.cursors[$0] == heads[$0] ?? .zero })
            {
                return true
            }
        }
        return false
    }

    private mutating func publish() {
        for _ in 0...random.below(3) {
            let partition = Self.partitions[random.below(Self.partitions.count)]
            sequence += 1
            let offset = Offset(epoch: epoch, sequence: sequence)
            let event = Event(partition: partition, previous: heads[partition] ?? .zero, offset: offset)
            heads[partition] = offset
            history.append(event)
            send(.event(event))
        }
    }

    /// The high-water mark and bad luck drop; what gets through stays in order.
    private mutating func send(_ frame: Frame) {
        guard !isLossy || (link.count < 20 && !isLost()) else { return }
        link.append(frame)
    }

    private mutating func isLost() -> Bool { random.below(100) < losses }

    /// As the loop: the link is left alone while the journal is asked.
    private var listens: Bool { state.mode == .live || state.mode == .waitingForStart }

    private mutating func receive() {
        guard listens, !link.isEmpty else { return }
        switch link.removeFirst() {
        case .event(let event):
            let verdict = state.live(partition: event.partition, previous: event.previous, offset: event.offset)
            obey(verdict, event)
        case .heartbeat(let epoch, let heads):
            switch state.heartbeat(epoch: epoch, heads: heads) {
            case .missed(let holes): for hole in holes { note(hole) }
            case .restarted: needsHello = true
            case .upToDate, .gap, .ignore: break
            }
        }
    }

    private mutating func obey(_ verdict: FollowerState.Verdict, _ event: Event) {
        switch verdict {
        case .deliver:
            log[event.partition, default: []].append(.event(event.offset))
            if state.mode == .live { deliveredLive += 1 }
        case .deliverBehind(let hole):
            note(hole)
            log[event.partition, default: []].append(.event(event.offset))
        case .restarted: needsHello = true
        case .duplicate, .gap, .ignore: break
        }
    }

    private mutating func note(_ hole: FollowerState.Hole) {
        log[hole.partition, default: []].append(.hole(after: hole.after, through: hole.through))
    }

    // MARK: Requests

    private mutating func ask() {
        if needsHello, !isLossy || !isLost() { replies.append(.hello(epoch)) }
        lastRequest += 1
        guard let after = state.takeFetch(lastRequest) else { return }
        inFlight = lastRequest
        if !isLossy || !isLost() { requests.append((lastRequest, after)) }
    }

    private mutating func answer() {
        guard !requests.isEmpty else { return }
        let (number, after) = requests.removeFirst()
        var page = Page(request: number)
        for (partition, cursor) in after.sorted(by: { $0.key < $1.key }) {
            guard let lost = history[..<pruned].last(where: { $0.partition == partition }), lost.offset > cursor else {
                continue
            }
            page.truncated.append(.init(partition: partition, after: cursor, through: lost.offset))
        }
        let wanted = history[pruned...].filter { event in after[event.partition].map { event.offset > $0 } ?? false }
        page.events = Array(wanted.prefix(1 + random.below(40)))
        page.complete = page.events.count == wanted.count
        if !isLossy || !isLost() { replies.append(.page(page)) }
    }

    /// Replies may overtake each other: an old connection's may come after a new one's.
    private mutating func takeReply() {
        guard !replies.isEmpty else { return }
        switch replies.remove(at: random.below(replies.count)) {
        case .hello(let epoch):
            needsHello = epoch < self.epoch
            if state.hello(epoch: epoch) == .new { start() }
        case .page(let page):
            guard state.awaitsPage(page.request) else { return }
            inFlight = nil
            for truncation in page.truncated {
                if let hole = state.truncated(truncation) { note(hole) }
            }
            for event in page.events {
                let verdict = state.fetched(partition: event.partition, previous: event.previous, offset: event.offset)
                obey(verdict, event)
            }
            state.pageEnded(complete: page.complete)
        }
    }

    /// The timeout. The reply may still come.
    private mutating func giveUp() {
        if let inFlight { state.requestFailed(inFlight) }
        inFlight = nil
    }

    // MARK: The consumer

    private mutating func start() {
        var after: [Int: Offset] = [:]
        for partition in Self.partitions {
            let kept = log[partition, default: []].prefix(committed[partition] ?? 0)
            log[partition] = Array(kept)
            after[partition] = kept.last?.end ?? .zero
        }
        state.start(after: after)
    }

    private mutating func commit() {
        for (partition, entries) in log { committed[partition] = entries.count }
    }

    /// A transaction was refused, or the consumer was killed.
    private mutating func goBack() {
        if state.mode != .waitingForStart { start() }
    }

    private mutating func restartProducer() {
        epoch += 1
        sequence = 0
        requests.removeAll()
        if random.below(2) == 0 { link.removeAll() }
    }

    private mutating func prune() {
        pruned += random.below(history.count - pruned + 1)
    }

    // MARK: The claim

    /// Whether each partition's log is its history: every event once and in order, or inside one hole.
    func isExact(holesAllowed: Bool) -> Bool {
        Self.partitions.allSatisfy { partition in
            var expected = history.filter { $0.partition == partition }.map(\.offset)[...]
            for entry in log[partition, default: []] {
                switch entry {
                case .event(let offset):
                    guard expected.popFirst() == offset else { return false }
                case .hole(_, let through):
                    guard holesAllowed, let first = expected.first, first <= through else { return false }
                    expected = expected.drop { $0 <= through }
                }
            }
            return expected.isEmpty
        }
    }
}
