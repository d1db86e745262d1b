package import Protocol

/// Which stream each moment of one channel belongs to: the rule of attribution, the same for every engine.
///
/// A moment belongs to the stream that started last at or before it, unless that one had ended before it. So a channel's
/// next stream ends the one before, whatever is known of its end, and the interval of a stream is
/// `[started_at, ended_at]`. The answer depends on the known streams only, never on the order in which they became known.
package struct StreamTimeline: Hashable, Sendable {
    /// A stretch of time with one answer.
    package struct Segment: Hashable, Sendable {
        package var from: Timestamp
        package var through: Timestamp
        /// Nil while the channel was offline.
        package var streamID: String?
    }

    /// By start, then by id.
    private var spans: [StreamSpan]

    package init(_ spans: some Sequence<StreamSpan> = []) {
        self.spans = spans.sorted { ($0.startedAt, $0.streamID) < ($1.startedAt, $1.streamID) }
    }

    /// Replaces what is known of one stream; nil when it has no place yet.
    package mutating func set(_ span: StreamSpan?, for streamID: String) {
        var others = spans.filter { $0.streamID != streamID }
        if let span { others.append(span) }
        self = StreamTimeline(others)
    }

    /// The stream that a moment belongs to; nil while the channel was offline.
    package func stream(at time: Timestamp) -> String? {
        // The last streams are the ones asked for.
        guard let span = spans.last(where: { $0.startedAt <= time }) else { return nil }
        if let end = span.endedAt, end < time { return nil }
        return span.streamID
    }

    /// Stretches that cover `from` through `through` without a hole, in order.
    package func segments(from: Timestamp, through: Timestamp) -> [Segment] {
        guard from <= through else { return [] }
        var segments: [Segment] = []
        var next = from
        func add(through last: Timestamp, _ streamID: String?) {
            let last = min(last, through)
            guard next <= last else { return }
            segments.append(Segment(from: next, through: last, streamID: streamID))
            next = last.following
        }
        for (index, span) in spans.enumerated() {
            add(through: span.startedAt.preceding, nil)
            let successor = index + 1 < spans.count ? spans[index + 1].startedAt.preceding : Timestamp.latest
            add(through: min(span.endedAt ?? .latest, successor), span.streamID)
        }
        add(through: through, nil)
        return segments
    }

    /// The stretches of time whose answer differs between two states of knowledge, merged where they touch.
    package static func changes(from old: StreamTimeline, to new: StreamTimeline) -> [ClosedRange<Timestamp>] {
        var before = old.segments(from: .earliest, through: .latest)[...]
        var after = new.segments(from: .earliest, through: .latest)[...]
        var ranges: [ClosedRange<Timestamp>] = []
        var from = Timestamp.earliest
        while let a = before.first, let b = after.first {
            let through = min(a.through, b.through)
            if a.streamID != b.streamID {
                if let last = ranges.last, last.upperBound.following == from {
                    ranges[ranges.count - 1] = last.lowerBound...through
                } else {
                    ranges.append(from...through)
                }
            }
            if a.through == through { before.removeFirst() }
            if b.through == through { after.removeFirst() }
            from = through.following
        }
        return ranges
    }
}

extension Timestamp {
    package var following: Timestamp { Timestamp(rawValue: rawValue + 1) }
    package var preceding: Timestamp { Timestamp(rawValue: rawValue - 1) }
}
