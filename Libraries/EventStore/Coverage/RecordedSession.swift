package import Protocol

/// When a gateway listened to a channel, as `collection_sessions` and `bus_offsets` tell it.
package struct RecordedSession: Hashable, Sendable {
    /// How long a gateway may have nothing to tell and still count as listening, in milliseconds.
    private static let patience: Int64 = 120_000
    /// How the reason of a refused JOIN begins; such a row has no start.
    private static let refusal = "refused_"
    /// How the reason of a row begins that is no session, but marks that the gateway's clock was set.
    private static let clockMark = "clock_set_by_"

    package var gateway: String
    /// Nil for a refused JOIN, and where the start is lost.
    package var startedAt: Timestamp?
    /// Nil while nobody has told the end.
    package var stoppedAt: Timestamp?
    package var stopReason: String?
    /// When its gateway's last event was stored; only of a session without an end.
    package var lastHeardAt: Timestamp?

    package init(
        gateway: String,
        startedAt: Timestamp?,
        stoppedAt: Timestamp?,
        stopReason: String?,
        lastHeardAt: Timestamp?
    ) {
        self.gateway = gateway
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
        self.stopReason = stopReason
        self.lastHeardAt = lastHeardAt
    }

    fileprivate var cause: Coverage.Cause { stopReason.map(Coverage.Cause.init) ?? .unknown }

    fileprivate var refusal: Coverage.Refusal? {
        guard startedAt == nil, let stoppedAt, stopReason?.hasPrefix(Self.refusal) == true else { return nil }
        return Coverage.Refusal(at: stoppedAt, cause: cause)
    }

    fileprivate var isClockMark: Bool { startedAt == nil && stopReason?.hasPrefix(Self.clockMark) == true }

    /// Nil for what only a clock that was wrong can have told of a stretch that ends then.
    private static func possible(_ time: Timestamp?, until end: Timestamp) -> Timestamp? {
        guard Timestamp.chatEra.contains(end) else { return time }
        return time.flatMap { Timestamp.chatEra.contains($0) ? $0 : nil }
    }

    /// A session without a stop counts until its gateway was last heard of: it may be running, and it may have died with
    /// its machine.
    ///
    /// `next` is when the gateway began another session of the channel: no later than that, this one was over.
    fileprivate func span(until end: Timestamp, next: Timestamp?) -> (span: Coverage.Span, isAtLeast: Bool)? {
        // Without its start nobody knows since when it was: it only tells why the time behind it is a hole.
        let known = Self.possible(startedAt, until: end)
        let lastHeardAt = Self.possible(lastHeardAt, until: end)
        guard let startedAt = known ?? stoppedAt ?? lastHeardAt else { return nil }
        if let stoppedAt {
            // The clock may have been set back in between.
            let span = Coverage.Span(from: startedAt, through: max(startedAt, stoppedAt), end: cause)
            return (span, known == nil)
        }
        let heard = lastHeardAt ?? startedAt
        let isCurrent = heard.rawValue + Self.patience >= end.rawValue
        let through = max(startedAt, min(isCurrent ? end : heard, next ?? end))
        return (Coverage.Span(from: startedAt, through: through, end: .unknown), !isCurrent || known == nil)
    }
}

extension Coverage {
    /// What the recorded sessions of one channel cover of a stretch of time.
    ///
    /// - Parameters:
    ///   - recorded: Those of the stretch, and the last one that ended before it with the refusals since.
    ///   - backfills: What history services told of the stretch.
    ///   - start: The beginning of the stretch.
    ///   - end: Its end, not in the future.
    package init(
        recorded: [RecordedSession],
        backfills: [RecordedBackfill] = [],
        from start: Timestamp,
        through end: Timestamp
    ) {
        let recorded = recorded.filter { !$0.isClockMark }
        let refusals = recorded.compactMap(\.refusal)
        let spans = Self.following(recorded.filter { $0.refusal == nil })
            .compactMap { $0.session.span(until: end, next: $0.next) }
        self.init(spans: spans.map(\.span), refusals: refusals, from: start, through: end)
        for index in holes.indices { holes[index].backfill = RecordedBackfill.told(of: holes[index], by: backfills) }
        isAtLeast = !holes.isEmpty && spans.contains { $0.isAtLeast && $0.span.through >= start }
    }

    /// Each session, and of one without an end the start of its gateway's next one.
    private static func following(_ sessions: [RecordedSession]) -> [(session: RecordedSession, next: Timestamp?)] {
        Dictionary(grouping: sessions, by: \.gateway).values.flatMap { sessions in
            let starts = sessions.compactMap(\.startedAt).sorted()
            return sessions.map { session -> (session: RecordedSession, next: Timestamp?) in
                guard session.stoppedAt == nil, let start = session.startedAt else { return (session, nil) }
                return (session, starts.first { $0 > start })
            }
        }
    }
}
