import EventBus
import EventStore
import Protocol

/// Collects the next batch and knows where each partition stands, counting what is collected or under way as stored.
struct BatchBuilder: Sendable {
    /// When a batch is full.
    struct Limits: Hashable, Sendable {
        /// How many times as many rows a batch may have that has to wait for the one before it.
        static let growth = 8

        var rows: Int
        var bytes: Int
    }

    /// What became of a received event.
    enum Addition: Hashable, Sendable {
        case added
        /// It is behind the cursor, or of a producer that is not followed: delivered twice, or too late.
        case stale
        /// Something before it is missing: go back to the committed offsets.
        case discontinuous
    }

    let limits: Limits
    private static let all = Set(0..<Partition.count)

    /// The partitions of each producer that this writer writes; those of others are never taken. Nil: all of everybody.
    var ownership: [String: Set<Int>]?
    private(set) var pending = PendingBatch()
    private var pendingBytes = 0
    private var cursors: [String: [Int: Offset]] = [:]

    init(limits: Limits) {
        self.limits = limits
    }

    var isEmpty: Bool { pending.isEmpty }
    var isFull: Bool { pending.items.count >= limits.rows || pendingBytes >= limits.bytes }
    /// Not even a batch that waits for the one before it may grow further.
    var isBrimful: Bool { pending.items.count >= limits.rows * Limits.growth || pendingBytes >= limits.bytes }
    /// How many items are to be taken next: the rest of a batch, or a part of one when a full one grows while it waits.
    var room: Int {
        let rest = limits.rows - pending.items.count
        return max(1, rest > 0 ? rest : min(limits.rows / 4, limits.rows * Limits.growth - pending.items.count))
    }
    var producers: [String] { cursors.keys.sorted() }

    /// What this writer writes of a producer.
    func partitions(of producer: String) -> Set<Int> { ownership.map { $0[producer] ?? [] } ?? Self.all }

    /// Where a producer's partitions will stand once everything collected is stored.
    func cursors(of producer: String) -> [Int: Offset] { cursors[producer] ?? [:] }

    /// Where they stand in the database, while nothing is under way.
    func committed(of producer: String) -> [Int: Offset] {
        var offsets = cursors(of: producer)
        for item in pending.items.reversed() where item.key.producer == producer {
            offsets[item.key.partition] = item.base == .zero ? nil : item.base
        }
        return offsets
    }

    /// Starts a producer at its committed offsets; what was collected of it is dropped, because it is delivered again.
    mutating func begin(_ producer: String, at offsets: [Int: Offset]) {
        let partitions = partitions(of: producer)
        cursors[producer] = offsets.filter { partitions.contains($0.key) && $0.value > .zero }
        pending.items.removeAll { $0.key.producer == producer }
        pendingBytes = pending.items.reduce(0) { $0 + $1.frame.count }
    }

    /// Leaves a producer alone until it is begun again; what was collected of it is dropped.
    mutating func forget(_ producer: String) {
        begin(producer, at: [:])
        cursors[producer] = nil
    }

    func follows(_ producer: String) -> Bool { cursors[producer] != nil }

    mutating func add(_ received: ReceivedEvent) -> Addition {
        guard let offsets = cursors[received.producer], owns(received.partition, of: received.producer) else {
            return .stale
        }
        let cursor = offsets[received.partition] ?? .zero
        guard received.offset > cursor else { return .stale }
        guard received.previous <= cursor else { return .discontinuous }
        append(BatchItem(received, base: cursor))
        return .added
    }

    /// Where events that were accepted and not stored may be missing before this one, although its predecessor is stored:
    /// up to where. In a journal that remembers everything the predecessor is the last stored event itself.
    func setBack(before received: ReceivedEvent) -> Offset? {
        // Asked for every event: nearly all are in their predecessor's epoch, and no cursor needs to be looked up.
        guard received.previous.epoch < received.offset.epoch, owns(received.partition, of: received.producer),
            let cursor = cursors[received.producer]?[received.partition], received.previous < cursor,
            received.offset.epoch > cursor.epoch
        else { return nil }
        return Offset(epoch: received.offset.epoch, sequence: 0)
    }

    /// Records that the journal no longer has `(after, through]`. False when the cursor is already behind that.
    mutating func addGap(
        _ key: PartitionKey,
        after: Offset,
        through: Offset,
        detectedAt: Timestamp
    ) -> Bool {
        guard owns(key.partition, of: key.producer), let offsets = cursors[key.producer] else { return false }
        let cursor = offsets[key.partition] ?? .zero
        guard through > cursor else { return false }
        append(
            BatchItem(gapAfter: max(after, cursor), through: through, in: key, base: cursor, detectedAt: detectedAt)
        )
        return true
    }

    /// Puts a stored offset back that is beyond the journal's head. The producer is to be begun again behind that.
    mutating func rewind(_ key: PartitionKey, from offset: Offset, head: Offset, detectedAt: Timestamp) {
        append(BatchItem(rewinding: key, from: offset, head: head, detectedAt: detectedAt))
    }

    private func owns(_ partition: Int, of producer: String) -> Bool {
        ownership.map { $0[producer]?.contains(partition) ?? false } ?? true
    }

    /// Hands over what was collected; the next batch continues behind it.
    mutating func take() -> PendingBatch {
        defer {
            pending = PendingBatch()
            pendingBytes = 0
        }
        return pending
    }

    private mutating func append(_ item: BatchItem) {
        cursors[item.key.producer, default: [:]][item.key.partition] = item.next
        pendingBytes += item.frame.count
        pending.items.append(item)
    }
}
