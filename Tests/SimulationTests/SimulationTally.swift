/// What came to pass, by name: a simulation that never meets a fault proves nothing about it.
struct SimulationTally: Hashable, Sendable {
    enum Event: String, CaseIterable, Hashable, Sendable {
        case accepted = "events accepted"
        case gapByPredecessor = "gap by prev"
        case gapByHeartbeat = "gap by heartbeat"
        case fenced = "compare-and-set refused"
        case unknownCommit = "unknown commit"
        case staleReply = "stale reply"
        case truncation
        case lateCommit = "commit that came after its session"
        case failover = "failover to an older state"
        case lockLost = "lock lost without notice"
        case databaseDown = "database down"
        case producerKilled = "producer killed"
        case powerLost = "unsynced tail lost"
        case restored = "STATE_DIR restored"
        case clockMoved = "clock moved"
        case adopted = "slot changed hands"
        case pruned = "segments pruned"
        case capped = "events removed by the cap"
        case writerKilled = "writer killed"
        case writerPaused = "writer paused"
        case writerAdded = "writer added"
        case partitionsMoved = "partitions moved"
        case wayCut = "way to a producer cut"
        case deputy = "part written by a deputy"
        case forged = "forged frame"
        case refused = "introduction refused"
        case overrun = "offset beyond the journal's head"
        case rewound = "offset put back"
        case gapRecorded = "gap recorded"
        case excused = "unsynced events that nobody can know of"
    }

    private(set) var counts: [Event: Int] = [:]

    subscript(event: Event) -> Int { counts[event] ?? 0 }

    mutating func note(_ event: Event, _ count: Int = 1) { counts[event, default: 0] += count }

    mutating func add(_ other: SimulationTally) {
        for (event, count) in other.counts { note(event, count) }
    }

    /// One line for each, in a fixed order.
    var lines: [String] { Event.allCases.map { "\($0.rawValue): \(self[$0])" } }
}
