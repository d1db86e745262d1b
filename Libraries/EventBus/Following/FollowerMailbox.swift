import Protocol
import Synchronization
import ZeroMQ

/// What others tell the follower's thread. Everything replaces what was told before, so that it cannot grow.
final class FollowerMailbox: Sendable {
    /// One `follow`.
    struct Start: Sendable {
        var begin: EventFollower.Start
        var generation: Int
        /// Nil for all that the topics name.
        var partitions: Set<Int>?

        init(_ begin: EventFollower.Start, _ generation: Int, _ partitions: Set<Int>?) {
            self.begin = begin
            self.generation = generation
            self.partitions = partitions
        }
    }

    /// What was told since the last look.
    struct Contents: Sendable {
        /// The latest `follow` of each producer.
        var starts: [String: Start] = [:]
        /// The latest acknowledgement of each producer.
        var acknowledgements: [String: Acknowledgement] = [:]
        var addresses: Set<BusAddress>?
        var isStopped = false
    }

    private let contents = Mutex(Contents())
    let wakeUp: WakeUp

    init() throws(ZeroMQError) {
        wakeUp = try WakeUp()
    }

    /// Notes something and wakes the thread.
    func tell(_ change: (inout Contents) -> Void) {
        contents.withLock { change(&$0) }
        wakeUp.signal()
    }

    /// Takes everything; a stop stays.
    func take() -> Contents {
        contents.withLock { contents in
            defer { contents = Contents(isStopped: contents.isStopped) }
            return contents
        }
    }
}

/// What a group's database has committed of one producer.
struct Acknowledgement: Hashable, Sendable {
    var database: String
    var committed: [Int: Offset]

    /// The part about these partitions.
    func only(_ partitions: Set<Int>) -> Acknowledgement {
        Acknowledgement(database: database, committed: committed.filter { partitions.contains($0.key) })
    }

    /// The two together. Offsets of another database mean nothing beside these.
    func merging(_ newer: Acknowledgement) -> Acknowledgement {
        guard newer.database == database else { return newer }
        return Acknowledgement(database: database, committed: committed.merging(newer.committed) { $1 })
    }
}
