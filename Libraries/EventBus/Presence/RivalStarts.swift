import Protocol

/// Notices that one producer's identity speaks from two places at the same time: a copy of a `STATE_DIR` runs beside its
/// original. No I/O.
///
/// A restart is heard too, as a new epoch; but then the old one is never heard again. Two that run are heard by turns. Where
/// both began in the same second they have the same epoch, but neither's heads are all behind the other's.
struct RivalStarts: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Heard {
        var epoch: UInt32
        var heads: [Int: Offset]
        var at: Instant
        /// When something was heard that a single producer does not say after what it had said before.
        var oddities: [Instant] = []
    }

    /// So many of them within so long are no late frames.
    private static let steps = 4
    private static let window = Duration.seconds(10)
    private static let mostProducers = 256

    private var heard: [String: Heard] = [:]

    /// Takes a heartbeat of any connection.
    /// - Returns: Whether two processes must be speaking for this producer.
    mutating func take(_ heartbeat: Heartbeat, at now: Instant) -> Bool {
        guard var last = heard[heartbeat.producer] else {
            if heard.count >= Self.mostProducers { heard = heard.filter { now - $0.value.at < Self.window } }
            guard heard.count < Self.mostProducers else { return false }
            heard[heartbeat.producer] = Heard(epoch: heartbeat.epoch, heads: heartbeat.heads, at: now)
            return false
        }
        let isOdd =
            heartbeat.epoch < last.epoch
            || (heartbeat.epoch == last.epoch && Self.haveParted(last.heads, heartbeat.heads))
        last.oddities.removeAll { now - $0 > Self.window }
        if isOdd { last.oddities.append(now) }
        last.oddities = last.oddities.suffix(Self.steps)
        (last.epoch, last.heads, last.at) = (heartbeat.epoch, heartbeat.heads, now)
        heard[heartbeat.producer] = last
        return last.oddities.count >= Self.steps
    }

    /// Whether each is ahead of the other somewhere: heads of one producer only grow.
    private static func haveParted(_ one: [Int: Offset], _ other: [Int: Offset]) -> Bool {
        func isAhead(_ one: [Int: Offset], of other: [Int: Offset]) -> Bool {
            one.contains { partition, head in head > other[partition] ?? .zero }
        }
        return isAhead(one, of: other) && isAhead(other, of: one)
    }
}
