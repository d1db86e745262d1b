/// A set of 128-bit keys in one flat allocation: 16 bytes a slot, linear probing, never more than 4/5 full.
struct KeyTable: Sendable {
    private var slots: [UInt128]
    private(set) var count = 0

    /// Room for `expected` keys before the table has to grow.
    init(expected: Int) {
        slots = [UInt128](repeating: 0, count: max(64, expected + expected / 4 + 1))
    }

    /// Bytes of the allocation.
    var bytes: Int { slots.count * MemoryLayout<UInt128>.stride }

    func contains(_ key: UInt128) -> Bool {
        slots[slot(of: key)] == key
    }

    /// False when the key was there already. Zero marks a free slot: it is stored as one, which nobody sends.
    mutating func insert(_ key: UInt128) -> Bool {
        let index = slot(of: key)
        if slots[index] == key { return false }
        slots[index] = key
        count += 1
        if count * 5 > slots.count * 4 { grow() }
        return true
    }

    /// Where the key is, or the free slot where it belongs.
    private func slot(of key: UInt128) -> Int {
        var index = home(of: key)
        while slots[index] != key, slots[index] != 0 {
            index += 1
            if index == slots.count { index = 0 }
        }
        return index
    }

    /// Spreads the key over the table: version 4 UUIDs are random, but not in every bit.
    private func home(of key: UInt128) -> Int {
        let mixed = (UInt64(truncatingIfNeeded: key) ^ UInt64(truncatingIfNeeded: key >> 64)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed.multipliedFullWidth(by: UInt64(slots.count)).high)
    }

    private mutating func grow() {
        var larger = KeyTable(expected: slots.count + slots.count / 4)
        for key in slots where key != 0 { _ = larger.insert(key) }
        self = larger
    }
}
