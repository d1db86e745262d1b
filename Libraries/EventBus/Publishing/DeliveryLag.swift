import Protocol

/// For how long events have been waiting until the required groups' databases had them. No I/O.
///
/// Looked at now and then: the answer is right to within the time between two looks, and reaches back to the first one.
struct DeliveryLag: Sendable {
    /// Heads that were there at a moment, and are not yet known to be delivered.
    private var mark: (heads: [Int: Offset], at: ContinuousClock.Instant)?

    /// How long the oldest undelivered event has waited; `heads` are the last committed offsets of all partitions now, and
    /// `isDelivered` says whether everything up to such offsets was acknowledged.
    mutating func look(
        at heads: [Int: Offset],
        now: ContinuousClock.Instant,
        isDelivered: (_ through: [Int: Offset]) -> Bool
    ) -> Duration {
        if let mark, !isDelivered(mark.heads) { return now - mark.at }
        mark = (heads, now)
        return .zero
    }
}
