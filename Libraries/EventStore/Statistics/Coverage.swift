package import Protocol

/// Which part of a stretch of time we were listening.
package struct Coverage: Hashable, Sendable, Encodable {
    /// A stretch in which nobody listened.
    package struct Hole: Hashable, Sendable, Encodable {
        package var from: Timestamp
        package var through: Timestamp

        package init(from: Timestamp, through: Timestamp) {
            self.from = from
            self.through = through
        }

        package var milliseconds: Int64 { through.rawValue - from.rawValue }
    }

    /// 0 to 1; 1 for a stretch without length in which somebody listened.
    package var share: Double
    /// In order.
    package var holes: [Hole]
    /// A session has no recorded stop, and counts only until its gateway was last heard of: it may be more.
    package var isAtLeast: Bool

    /// - Parameters:
    ///   - sessions: When somebody listened; may overlap, in any order.
    ///   - start: The beginning of the stretch.
    ///   - end: Its end.
    ///   - isAtLeast: See the property.
    package init(
        sessions: [(from: Timestamp, through: Timestamp)],
        from start: Timestamp,
        through end: Timestamp,
        isAtLeast: Bool = false
    ) {
        var holes: [Hole] = []
        var heard = start
        var listened: Int64 = 0
        for session in sessions.sorted(by: { $0.from < $1.from }) where session.through >= start && session.from <= end
        {
            if session.from > heard { holes.append(Hole(from: heard, through: session.from)) }
            let from = max(heard, session.from)
            let through = min(session.through, end)
            if through > from { listened += through.rawValue - from.rawValue }
            heard = max(heard, through)
        }
        let isHeardAtAll = sessions.contains { $0.through >= start && $0.from <= end }
        if heard < end { holes.append(Hole(from: heard, through: end)) }
        let length = end.rawValue - start.rawValue
        share = length > 0 ? Double(listened) / Double(length) : (isHeardAtAll ? 1 : 0)
        self.holes = holes
        self.isAtLeast = isAtLeast
    }

    package var longestHole: Hole? { holes.max { $0.milliseconds < $1.milliseconds } }
}
