import Protocol

/// The session advisory locks that say who writes which partition, on the connection that writes.
///
/// The server frees them with the session, however that ends. A writer is counted by a shared lock of its own.
struct PartitionLocks {
    /// The key's first half: another for each database identity, so that two archives in one database do not meet.
    let space: Int32
    private static let member = Partition.count

    init(identity: String) {
        space = Int32(bitPattern: CRC32.checksum("partitions of \(identity)".utf8))
    }

    /// Gives up what is too much, takes what is missing and free, and tells what this session has then.
    func rebalance(_ connection: borrowing Connection, pid: Int) throws(PostgresError) -> Set<Int> {
        try connection.run("SELECT pg_try_advisory_lock_shared(\(space), \(Self.member))")
        var share = try look(connection, pid: pid)
        let released = share.released
        if !released.isEmpty {
            let calls = released.map { "pg_advisory_unlock(\(space), \($0))" }.joined(separator: ", ")
            try connection.run("SELECT \(calls)")
            share.owned.subtract(released)
        }
        let wanted = share.candidates(startingAt: pid &* 11)
        if !wanted.isEmpty {
            let calls = wanted.map { "pg_try_advisory_lock(\(space), \($0))" }.joined(separator: ", ")
            let taken = try connection.run("SELECT \(calls)")
            for (partition, answer) in zip(wanted, taken.rows.first ?? []) where answer == "t" {
                share.owned.insert(partition)
            }
        }
        return share.owned
    }

    private func look(_ connection: borrowing Connection, pid: Int) throws(PostgresError) -> PartitionShare {
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
        for row in answer.rows {
            let numbers = row.compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 3 else { continue }
            guard numbers[2] == pid else { throw Pooler.error }
            switch numbers[0] {
            case Self.member: members.insert(numbers[1])
            case 0..<Partition.count where numbers[1] == pid: share.owned.insert(numbers[0])
            case 0..<Partition.count: share.foreign.insert(numbers[0])
            default: break
            }
        }
        // Not even our own lock: another session than the one that took it has answered.
        guard members.contains(pid) else { throw Pooler.error }
        share.members = members.count
        return share
    }
}
