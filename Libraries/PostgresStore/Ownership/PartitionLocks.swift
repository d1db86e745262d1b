import Protocol

/// The session advisory locks that say who owns which partition and who hears whom, on the connection that writes.
///
/// The server frees them with the session, however that ends. A writer is counted by a shared lock of its own, and has a shared
/// lock for each producer that it hears.
struct PartitionLocks {
    /// The key's first half: another for each database identity, so that two archives in one database do not meet.
    let space: Int32
    private static let member = Partition.count
    /// Behind it are the locks of the transactions that write a partition, whoever's events they are.
    private static let firstTransaction = 128
    /// Behind it are the producers by their numbers.
    private static let firstProducer = 1024

    init(identity: String) {
        space = Int32(bitPattern: CRC32.checksum("partitions of \(identity)".utf8))
    }

    /// Gives up what is too much, takes what is missing and free, says whom this session hears, and tells what everybody has
    /// then.
    func rebalance(
        _ connection: borrowing Connection,
        pid: Int,
        hearing heard: Set<Int>
    ) throws(PostgresError) -> HearingShare {
        try connection.run("SELECT pg_try_advisory_lock_shared(\(space), \(Self.member))")
        var (share, view) = try look(connection, pid: pid)
        try tell(heard, known: view.heard, connection)
        view.hearing[pid] = heard
        let released = share.released
        if !released.isEmpty {
            let calls = released.map { "pg_advisory_unlock(\(space), \($0))" }.joined(separator: ", ")
            try connection.run("SELECT \(calls)")
            share.owned.subtract(released)
            for partition in released { view.owners[partition] = nil }
        }
        let wanted = share.candidates(startingAt: pid &* 11)
        if !wanted.isEmpty {
            let calls = wanted.map { "pg_try_advisory_lock(\(space), \($0))" }.joined(separator: ", ")
            let taken = try connection.run("SELECT \(calls)")
            for (partition, answer) in zip(wanted, taken.rows.first ?? []) where answer == "t" {
                view.owners[partition] = pid
            }
        }
        return view
    }

    /// Begins a transaction that writes these partitions, after any other that writes one of them. The copies of one thing
    /// that two producers tell are of one partition, and their writers may be two: they never look past each other, nor wait
    /// for each other in a circle.
    func begin(_ partitions: Set<Int>, _ connection: borrowing Connection) throws(PostgresError) {
        let calls = partitions.sorted().map { "pg_advisory_xact_lock(\(space), \(Self.firstTransaction + $0))" }
        guard !calls.isEmpty else {
            try connection.run("BEGIN")
            return
        }
        try connection.run("BEGIN; SELECT \(calls.joined(separator: ", "))")
    }

    private func tell(
        _ heard: Set<Int>,
        known: Set<Int>,
        _ connection: borrowing Connection
    ) throws(PostgresError) {
        let calls =
            known.subtracting(heard).sorted().map { "pg_advisory_unlock_shared(\(space), \(Self.firstProducer + $0))" }
            + heard.subtracting(known).sorted().map {
                "pg_try_advisory_lock_shared(\(space), \(Self.firstProducer + $0))"
            }
        if !calls.isEmpty { try connection.run("SELECT \(calls.joined(separator: ", "))") }
    }

    private func look(
        _ connection: borrowing Connection,
        pid: Int
    ) throws(PostgresError) -> (share: PartitionShare, view: HearingShare) {
        let answer = try connection.run(
            """
            SELECT objid::int8, pid, pg_backend_pid() FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2 AND granted
                AND classid = (\(space)::int8 & 4294967295)::oid
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        )
        var members: Set<Int> = []
        var share = PartitionShare(members: 1, owned: [], foreign: [], count: Partition.count)
        var view = HearingShare(me: pid)
        for row in answer.rows {
            let numbers = row.compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 3 else { continue }
            let (key, holder) = (numbers[0], numbers[1])
            guard numbers[2] == pid else { throw Pooler.error }
            switch key {
            case Self.member: members.insert(holder)
            case 0..<Partition.count:
                view.owners[key] = holder
                if holder == pid { share.owned.insert(key) } else { share.foreign.insert(key) }
            case Self.firstProducer...: view.hearing[holder, default: []].insert(key - Self.firstProducer)
            default: break
            }
        }
        // Not even our own lock: another session than the one that took it has answered.
        guard members.contains(pid) else { throw Pooler.error }
        share.members = members.count
        return (share, view)
    }
}
