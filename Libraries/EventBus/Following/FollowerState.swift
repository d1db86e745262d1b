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

    /// What a HELLO makes of the producer.
    package enum Introduction: Hashable, Sendable {
        /// It is new to the consumer, or has restarted: the consumer must say where to begin.
        case new
        /// The run that is followed already.
        case known
        /// An earlier run than the one that is followed. One that ended may have said that before it did: ask once more.
        case doubtful
    }

    /// A partition where the consumer's cursor is beyond everything that the producer's present run has accepted, so that
    /// its events would be taken for duplicates. No producer of ours brings that about: somebody else spoke for it, or its
    /// directory and its clock were both set back.
    package struct Overrun: Hashable, Sendable {
        package var partition: Int
        package var cursor: Offset
        package var head: Offset

        package init(partition: Int, cursor: Offset, head: Offset) {
            self.partition = partition
            self.cursor = cursor
            self.head = head
        }
    }

    /// After so many heartbeats in a row with a head behind the cursor the journal itself is asked. A few may be old ones
    /// that libzmq kept while the journal was read.
    private static let patience = 4

    package private(set) var mode: Mode = .waitingForStart
    /// The last delivered offset of each partition.
    package private(set) var cursors: [Offset]
    private var partitions: Set<Int>
    private let recovers: Bool
    private var epoch: UInt32?
    /// The epoch before the known one that a HELLO has named once.
    private var earlier: UInt32?
    /// Heartbeats in a row that were behind a cursor.
    private var heartbeatsBehind = 0
    /// Heartbeats in a row of an earlier run than the known one.
    private var earlierBeats = 0
    /// What was asked for last: what a reply says is measured against it.
    private var asked: [Int: Offset] = [:]
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

    /// The producer introduced itself, in answer to a HELLO that was sent after the answer to the one before.
    package mutating func hello(epoch: UInt32) -> Introduction {
        if let known = self.epoch {
            if epoch == known {
                earlier = nil
                recheck()
                return .known
            }
            // A reply of an earlier process may still be under way. Twice the same: whoever spoke meanwhile was not this
            // producer, or its directory is that of an earlier day.
            if epoch < known, earlier != epoch {
                earlier = epoch
                return .doubtful
            }
        }
        self.epoch = epoch
        earlier = nil
        mode = .waitingForStart
        return .new
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
        guard mode == .live, partitions.contains(partition), previous < offset else { return .ignore }
        guard !isRestart(offset.epoch) else { return .restarted }
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
        guard !isRestart(epoch) else { return .restarted }
        guard epoch == self.epoch else { return isEarlierForLong() ? .restarted : .ignore }
        earlierBeats = 0
        guard mode == .live, !heads.values.contains(where: { isRestart($0.epoch) }) else { return .ignore }
        if isBehindTooLong(heads, of: epoch) {
            guard !recovers else {
                mode = .catchingUp(request: nil)
                return .gap
            }
            for partition in partitions where isOverrun(partition, heads, of: epoch) {
                cursors[partition] = heads[partition] ?? .zero
            }
        }
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
            let head = heads[partition] ?? .zero
            // What another run than the known one claims is no head of this one.
            cursors[partition] = isRestart(head.epoch) ? .zero : head
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
        asked = Dictionary(uniqueKeysWithValues: partitions.map { ($0, cursors[$0]) })
        return asked
    }

    /// Whether this reply is the one waited for; all others are stale and to be dropped.
    package func awaitsPage(_ request: Int) -> Bool {
        mode == .catchingUp(request: request)
    }

    /// Whether a page keeps within what it says of itself: nothing in it lies beyond its own heads, and its heads not beyond
    /// the known run. What does not is to be dropped as a whole, like a reply that cannot be read.
    package func isPlausible(_ page: FetchReply, headers: [FrameHeader]) -> Bool {
        func isWithin(_ partition: Int, _ offset: Offset) -> Bool { offset <= page.heads[partition] ?? .zero }
        return !page.heads.values.contains { isRestart($0.epoch) }
            && page.truncated.allSatisfy { $0.after <= $0.through && isWithin($0.partition, $0.through) }
            && headers.allSatisfy { $0.previous < $0.offset && isWithin($0.partition, $0.offset) }
    }

    /// The partitions whose cursor, when the page waited for was asked for, would make this run's events duplicates. Of a
    /// producer that does not run nothing is said: nothing is accepted, and its next run has a greater epoch.
    package func overruns(heads: [Int: Offset], epoch: UInt32?) -> [Overrun] {
        guard let epoch, epoch == self.epoch else { return [] }
        return asked.compactMap { partition, cursor in
            let head = heads[partition] ?? .zero
            guard cursor > head, cursor.epoch >= epoch else { return nil }
            return Overrun(partition: partition, cursor: cursor, head: head)
        }.sorted { $0.partition < $1.partition }
    }

    /// The consumer has heard of the overruns: nothing is delivered until it says where to begin. One that keeps no
    /// offsets goes on at the heads.
    package mutating func stop(at overruns: [Overrun], keepsOffsets: Bool) {
        guard !keepsOffsets else {
            mode = .waitingForStart
            return
        }
        for overrun in overruns { cursors[overrun.partition] = overrun.head }
    }

    private func isOverrun(_ partition: Int, _ heads: [Int: Offset], of epoch: UInt32) -> Bool {
        cursors[partition] > heads[partition] ?? .zero && cursors[partition].epoch >= epoch
    }

    /// Counts heartbeats of an earlier run. A few may be old; if they go on, whoever spoke of the later one is gone.
    private mutating func isEarlierForLong() -> Bool {
        guard epoch != nil else { return false }
        earlierBeats = (earlierBeats + 1) % Self.patience
        return earlierBeats == 0
    }

    /// Counts heartbeats that are behind a cursor.
    private mutating func isBehindTooLong(_ heads: [Int: Offset], of epoch: UInt32) -> Bool {
        guard partitions.contains(where: { isOverrun($0, heads, of: epoch) }) else {
            heartbeatsBehind = 0
            return false
        }
        heartbeatsBehind = (heartbeatsBehind + 1) % Self.patience
        return heartbeatsBehind == 0
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
        guard !isRestart(offset.epoch) else { return .restarted }
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
