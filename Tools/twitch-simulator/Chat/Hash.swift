/// Stable numbers from names: the same in every run and on every machine.
enum Hash {
    /// FNV-1a, 64 bits.
    static func fnv1a(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
