/// Which producers' events a writer writes: a decision without I/O.
///
/// The owner of a partition writes it of every producer that it hears. Where it does not hear one, a deputy that does writes
/// that producer's part: each writer looks at the same locks, and all come to the same one. So nobody needs to hear
/// everybody, and a producer that no writer hears keeps nobody from anything.
struct HearingShare: Hashable, Sendable {
    /// This writer's session.
    var me: Int
    /// The sessions that own a partition, by partition.
    var owners: [Int: Int] = [:]
    /// The numbers of the producers that each session hears.
    var hearing: [Int: Set<Int>] = [:]

    /// The numbers of those that this writer hears.
    var heard: Set<Int> { hearing[me] ?? [] }

    /// The numbers of those that any writer hears.
    var heardByAny: Set<Int> { hearing.values.reduce(into: []) { $0.formUnion($1) } }

    /// The partitions that this writer writes of a producer.
    func partitions(of producer: Int, _ absences: OwnerAbsences, now: ContinuousClock.Instant) -> Set<Int> {
        guard heard.contains(producer) else { return [] }
        guard absences.isAny else { return Set(owners.filter { $0.value == me }.keys) }
        let listeners = hearing.filter { $0.value.contains(producer) }.keys.sorted()
        return Set(
            owners.compactMap { partition, owner in
                guard owner != me else { return partition }
                guard absences.isDue(.init(producer: producer, partition: partition), now: now) else { return nil }
                return listeners[partition % listeners.count] == me ? partition : nil
            }
        )
    }

    /// Whether this writer is the one of those that hear a producer who notes it.
    func isFirst(of producer: Int) -> Bool {
        hearing.filter { $0.value.contains(producer) }.keys.min() == me
    }
}

/// For how long owners have not heard producers that this writer hears. A restart, or a look that comes a moment later, moves
/// nothing.
struct OwnerAbsences: Hashable, Sendable {
    /// One partition of one producer.
    struct Part: Hashable, Sendable {
        var producer: Int
        var partition: Int
    }

    /// How long a deputy waits for the owner.
    static let patience: Duration = .seconds(3)

    private var since: [Part: ContinuousClock.Instant] = [:]

    /// Compares with what the locks show now.
    mutating func update(_ share: HearingShare, now: ContinuousClock.Instant) {
        var found: [Part: ContinuousClock.Instant] = [:]
        let others = share.hearing.filter { $0.key != share.me }
        let owners = Set(share.owners.values).subtracting([share.me])
        for producer in share.heard {
            let deaf = owners.filter { others[$0]?.contains(producer) != true }
            guard !deaf.isEmpty else { continue }
            for (partition, owner) in share.owners where deaf.contains(owner) {
                let part = Part(producer: producer, partition: partition)
                found[part] = since[part] ?? now
            }
        }
        since = found
    }

    /// Whether any owner does not hear somebody.
    var isAny: Bool { !since.isEmpty }

    /// Whether the owner has not heard the producer for long enough.
    func isDue(_ part: Part, now: ContinuousClock.Instant) -> Bool {
        since[part].map { now - $0 >= Self.patience } ?? false
    }
}
