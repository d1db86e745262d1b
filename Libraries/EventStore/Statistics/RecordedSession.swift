package import Protocol

/// When a gateway listened to a channel, as `collection_sessions` and `bus_offsets` tell it.
package struct RecordedSession: Hashable, Sendable {
    /// How long a gateway may have nothing to tell and still count as listening, in milliseconds.
    private static let patience: Int64 = 120_000

    package var startedAt: Timestamp
    /// Nil while nobody has told the end.
    package var stoppedAt: Timestamp?
    /// When its gateway's last event was stored; only of a session without an end.
    package var lastHeardAt: Timestamp?

    package init(startedAt: Timestamp, stoppedAt: Timestamp?, lastHeardAt: Timestamp?) {
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
        self.lastHeardAt = lastHeardAt
    }

    /// A session without a stop counts until its gateway was last heard of: it may be running, and it may have died with
    /// its machine.
    fileprivate func span(until end: Timestamp) -> (from: Timestamp, through: Timestamp, isAtLeast: Bool) {
        if let stoppedAt { return (startedAt, stoppedAt, false) }
        let heard = lastHeardAt ?? startedAt
        let isCurrent = heard.rawValue + Self.patience >= end.rawValue
        return (startedAt, isCurrent ? end : max(startedAt, heard), !isCurrent)
    }
}

extension Coverage {
    /// What the recorded sessions of one channel cover of a stretch of time.
    package init(recorded: [RecordedSession], from start: Timestamp, through end: Timestamp) {
        let spans = recorded.map { $0.span(until: end) }
        self.init(sessions: spans.map { ($0.from, $0.through) }, from: start, through: end)
        isAtLeast = !holes.isEmpty && spans.contains(where: \.isAtLeast)
    }
}
