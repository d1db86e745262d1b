/// A part of the protocol that can be left out, to show that it is needed.
enum Ablation: String, CaseIterable, Hashable, Sendable {
    /// The database does not look whether an offset is where the writer believes it to be.
    case compareAndSet = "compare-and-set"
    /// A start goes on with the epoch of the start before.
    case epochBump = "epoch bump"
    /// Nobody hears how far a producer has come.
    case heartbeat
    /// Writers believe what they remember instead of reading the offsets again.
    case rereadOffsets = "re-read of offsets"
    /// The same before a truncation is recorded only.
    case rereadBeforeTruncation = "re-read before believing TRUNC"
    /// What is stored is removed from the journal at once.
    case minimumRetention = "minimum retention"
}
