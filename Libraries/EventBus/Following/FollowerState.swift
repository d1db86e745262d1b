package import Protocol

/// What a follower decides about one producer: deliver, drop, fetch, or tell the consumer that something is gone.
///
/// It has no sockets, clocks or queues: the loop around it asks, and does what it is told. In `live` the events come
/// from the SUB socket; in `catchingUp` only from replies to FETCH, while the SUB socket is left alone, so that there
/// is no merge buffer and the journal is the only queue.
package struct FollowerState: Sendable {
    package enum Mode: Hashable, Sendable {
        /// The consumer has not said where to begin.
        case waitingForStart
        /// It said "at the head", and the producer was not asked yet (nil) or has not answered.
        case waitingForHeads(request: Int?)
        case live
        /// Behind. A FETCH is to be sent (nil) or in flight.
        case catchingUp(request: Int?)
    }

    /// A range of a partition that will not be delivered: `(after, through]`.
    package struct Hole: Hashable, Sendable {
        package var partition: Int
        package var after: Offset
        package var through: Offset

        package init(partition: Int, after: Offset, through: Offset) {
            self.partition = partition
            self.after = after
            self.through = through
        }
    }

    /// What to do with one event.
    package enum Verdict: Hashable, Sendable {
        case deliver
        /// Tell the consumer of the hole first, then deliver.
        case deliverBehind(Hole)
        /// It was delivered before.
        case duplicate
        /// Something is missing before it: catch up. It will come again with a reply.
        case gap
        /// The producer has restarted: say HELLO.
        case restarted
        /// Not a partition that is followed, or not the time for it.
        case ignore
    }

    /// What to do after a heartbeat.
    package enum HeartbeatVerdict: Hashable, Sendable {
        case upToDate
        /// The tail before a silence was lost: catch up.
        case gap
        /// The same, where the consumer wants only to be told.
        case missed([Hole])
        case restarted
        case ignore
    }

    package private(set) var mode: Mode = .waitingForStart
    /// The last delivered offset of each partition.
    package private(set) var cursors: [Offset]
    private var partitions: Set<Int>
    private let recovers: Bool
    private var epoch: UInt32?
    /// Where the consumer named no offset: it begins with whatever is there, and nothing before it was lost.
    private var fromOldest: Set<Int> = []
    private var hasCursors = false

    /// - Parameters:
    ///   - partitions: The partitions to follow.
    ///   - recovery: What to do about events that were lost on the way.
    package init(partitions: Set<Int>, recovery: EventFollower.Configuration.Recovery) {
        self.partitions = partitions.filter { (0..<Partition.count).contains($0) }
        recovers = recovery == .fetch
        cursors = Array(repeating: .zero, count: Partition.count)
    }

    /// The producer introduced itself.
    /// - Returns: Whether it is new to the consumer, which must then say where to begin.
    package mutating func hello(epoch: UInt32) -> Bool {
        if let known = self.epoch, epoch <= known {
            // A reply of an earlier process may still be under way: its epoch is smaller, and it says nothing.
            if epoch == known { recheck() }
            return false
        }
        self.epoch = epoch
        mode = .waitingForStart
        return true
    }

    /// The connection is another one: what was in flight on the old one will not come.
    package mutating func recheck() {
        switch mode {
        case .waitingForStart: break
        case .waitingForHeads: mode = .waitingForHeads(request: nil)
        case .live, .catchingUp: mode = recovers ? .catchingUp(request: nil) : .live
        }
    }

    /// The consumer wants what is behind these offsets, and from now on only these partitions, if any are named. What
    /// is in flight becomes stale.
    package mutating func start(after offsets: [Int: Offset], partitions wanted: Set<Int>? = nil) {
        if let wanted { partitions = wanted.filter { (0..<Partition.count).contains($0) } }
        fromOldest = partitions.subtracting(offsets.keys)
        for partition in partitions {
            cursors[partition] = offsets[partition] ?? .zero
        }
        begin()
    }

    /// The consumer wants what is published from now on. After a restart of the producer that means: whatever comes
    /// behind what was delivered, so that the restart itself makes no hole.
    package mutating func startAtHead() {
        if hasCursors {
            begin()
        } else {
            mode = .waitingForHeads(request: nil)
        }
    }

    private mutating func begin() {
        hasCursors = true
        mode = recovers ? .catchingUp(request: nil) : .live
    }

    /// An event from the SUB socket.
    package mutating func live(partition: Int, previous: Offset, offset: Offset) -> Verdict {
        guard mode == .live, partitions.contains(partition) else { return .ignore }
        guard !isRestart(offset.epoch) else { return restarted() }
        let last = cursors[partition]
        if offset <= last { return .duplicate }
        if previous <= last {
            advance(partition, to: offset)
            return .deliver
        }
        guard !recovers else {
            mode = .catchingUp(request: nil)
            return .gap
        }
        return deliverBehindHole(partition, previous: previous, offset: offset)
    }

    /// A heartbeat with the published head of each partition.
    package mutating func heartbeat(epoch: UInt32, heads: [Int: Offset]) -> HeartbeatVerdict {
        guard !isRestart(epoch) else {
            mode = .waitingForStart
            return .restarted
        }
        guard mode == .live else { return .ignore }
        let behind = partitions.filter { (heads[$0] ?? .zero) > cursors[$0] }.sorted()
        if behind.isEmpty { return .upToDate }
        guard !recovers else {
            mode = .catchingUp(request: nil)
            return .gap
        }
        let holes = behind.compactMap { partition -> Hole? in
            guard let head = heads[partition] else { return nil }
            return hole(partition, through: head)
        }
        return holes.isEmpty ? .upToDate : .missed(holes)
    }

    /// Whether the HEADS request is to be sent now.
    package mutating func takeHeadsRequest(_ number: Int) -> Bool {
        guard mode == .waitingForHeads(request: nil) else { return false }
        mode = .waitingForHeads(request: number)
        return true
    }

    /// The reply to HEADS.
    /// - Returns: Whether it was the one waited for.
    package mutating func heads(_ heads: [Int: Offset], request: Int) -> Bool {
        guard mode == .waitingForHeads(request: request) else { return false }
        for partition in partitions {
            cursors[partition] = heads[partition] ?? .zero
        }
        fromOldest = []
        hasCursors = true
        mode = .live
        return true
    }

    /// The cursors to FETCH behind, if a FETCH is to be sent now.
    package mutating func takeFetch(_ number: Int) -> [Int: Offset]? {
        guard mode == .catchingUp(request: nil) else { return nil }
        mode = .catchingUp(request: number)
        return Dictionary(uniqueKeysWithValues: partitions.map { ($0, cursors[$0]) })
    }

    /// Whether this reply is the one waited for; all others are stale and to be dropped.
    package func awaitsPage(_ request: Int) -> Bool {
        mode == .catchingUp(request: request)
    }

    /// A truncation in the page waited for.
    /// - Returns: What to tell the consumer, if it lost anything.
    package mutating func truncated(_ truncation: Hole) -> Hole? {
        guard case .catchingUp(.some) = mode, partitions.contains(truncation.partition) else { return nil }
        return hole(truncation.partition, through: truncation.through)
    }

    /// An event of the page waited for.
    package mutating func fetched(partition: Int, previous: Offset, offset: Offset) -> Verdict {
        guard case .catchingUp(.some) = mode, partitions.contains(partition) else { return .ignore }
        guard !isRestart(offset.epoch) else { return restarted() }
        let last = cursors[partition]
        if offset <= last { return .duplicate }
        if previous <= last {
            advance(partition, to: offset)
            return .deliver
        }
        // The journal cannot read what is between: never skip it silently.
        return deliverBehindHole(partition, previous: previous, offset: offset)
    }

    /// The end of the page waited for.
    package mutating func pageEnded(complete: Bool) {
        guard case .catchingUp(.some) = mode else { return }
        mode = complete ? .live : .catchingUp(request: nil)
    }

    /// A request had no answer, or an answer that could not be read: it is to be sent again.
    package mutating func requestFailed(_ request: Int) {
        if mode == .catchingUp(request: request) { mode = .catchingUp(request: nil) }
        if mode == .waitingForHeads(request: request) { mode = .waitingForHeads(request: nil) }
    }

    private func isRestart(_ epoch: UInt32) -> Bool {
        guard let known = self.epoch else { return false }
        return epoch > known
    }

    private mutating func restarted() -> Verdict {
        mode = .waitingForStart
        return .restarted
    }

    private mutating func advance(_ partition: Int, to offset: Offset) {
        cursors[partition] = offset
        fromOldest.remove(partition)
    }

    private mutating func hole(_ partition: Int, through: Offset) -> Hole? {
        let last = cursors[partition]
        guard through > last else { return nil }
        let isLoss = !fromOldest.contains(partition)
        advance(partition, to: through)
        return isLoss ? Hole(partition: partition, after: last, through: through) : nil
    }

    private mutating func deliverBehindHole(_ partition: Int, previous: Offset, offset: Offset) -> Verdict {
        let hole = hole(partition, through: previous)
        advance(partition, to: offset)
        return hole.map { .deliverBehind($0) } ?? .deliver
    }
}
