import Protocol

/// The rule by which each start of a producer gets offsets that are greater than all before.
enum Epoch {
    /// The epoch of a new start; nil when none is left.
    ///
    /// The clock makes it greater than what was published after a snapshot that `STATE_DIR` was restored from; the saved
    /// one makes it greater where the clock went backwards.
    /// `highest` is the greatest offset that is in the journal, should the saved epoch have been lost.
    static func next(saved: UInt32?, highest: Offset, now: Timestamp) -> UInt32? {
        let floor = UInt64(max(saved ?? 0, highest.epoch)) + 1
        let clock = isPossible(now, after: floor) ? UInt64(now.rawValue / 1000 - Offset.epochOrigin) : 0
        // SQLite's integers are signed: half of the range keeps row order and offset order the same.
        let epoch = max(floor, clock)
        return epoch <= UInt64(Int32.max) ? UInt32(epoch) : nil
    }

    /// A clock that shows what cannot be would use up the epochs of decades: nobody is away for ten years.
    private static func isPossible(_ now: Timestamp, after floor: UInt64) -> Bool {
        let shown = now.rawValue / 1000 - Offset.epochOrigin
        guard Timestamp.chatEra.contains(now), shown > 0, shown <= Int64(Int32.max) else { return false }
        return floor == 1 || UInt64(shown) < floor + 315_360_000
    }

    /// Behind everything that the epochs up to this one may have published, and before everything of the next.
    ///
    /// Stands for the head of a partition whose real head was lost with a damaged file.
    static func end(of epoch: UInt32) -> Offset { Offset(epoch: epoch, sequence: .max) }
}

/// Hands out offsets of one epoch. Sequence 0 and the last one are never given to an event.
struct OffsetSequence: Hashable, Sendable {
    let epoch: UInt32
    private(set) var next: UInt32

    init(epoch: UInt32, next: UInt32 = 1) {
        self.epoch = epoch
        self.next = next
    }

    func hasRoom(for count: Int) -> Bool { count < Int(UInt32.max - next) }

    /// The offset of the event `index` places behind the last one used.
    func offset(at index: Int) -> Offset { Offset(epoch: epoch, sequence: next + UInt32(index)) }

    mutating func advance(by count: Int) { next += UInt32(count) }
}
