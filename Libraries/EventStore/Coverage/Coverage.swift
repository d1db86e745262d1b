package import Protocol

/// Which part of a stretch of time we were listening, and why not in the rest of it.
package struct Coverage: Hashable, Sendable, Encodable {
    /// Why nobody listened: the `reason` of `collection.stopped`, or one of the words below.
    package struct Cause: RawRepresentable, Hashable, Sendable, Encodable {
        package var rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }

        /// No earlier session is known.
        package static let notStarted = Cause(rawValue: "not_started")
        /// A session has no recorded end, and its gateway was not heard of again.
        package static let unknown = Cause(rawValue: "unknown")

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(rawValue)
        }
    }

    /// A stretch in which nobody listened.
    package struct Hole: Hashable, Sendable, Encodable {
        package var from: Timestamp
        package var through: Timestamp
        /// Why it began, then why we were not let in again. Never empty.
        package var causes: [Cause]
        /// Whether a history service told later what was said; nil when none did.
        package var backfill: Backfill?

        package init(from: Timestamp, through: Timestamp, causes: [Cause], backfill: Backfill? = nil) {
            self.from = from
            self.through = through
            self.causes = causes
            self.backfill = backfill
        }

        package var milliseconds: Int64 { through.rawValue - from.rawValue }
    }

    /// How much of a hole a history service told.
    package enum Backfill: String, Hashable, Sendable, Encodable {
        /// All of it, as messages heard before and behind it prove.
        case complete
        /// Something of it; nobody knows how much.
        case partial
    }

    /// A stretch in which somebody listened.
    package struct Span: Hashable, Sendable {
        package var from: Timestamp
        package var through: Timestamp
        /// Why it ended.
        package var end: Cause

        package init(from: Timestamp, through: Timestamp, end: Cause) {
            self.from = from
            self.through = through
            self.end = end
        }
    }

    /// A moment at which we were not let in.
    package struct Refusal: Hashable, Sendable {
        package var at: Timestamp
        package var cause: Cause

        package init(at: Timestamp, cause: Cause) {
            self.at = at
            self.cause = cause
        }
    }

    /// 0 to 1; 1 for a stretch without length in which somebody listened.
    package var share: Double
    /// In order.
    package var holes: [Hole]
    /// A session has no recorded stop, and counts only until its gateway was last heard of: it may be more.
    package var isAtLeast: Bool

    /// - Parameters:
    ///   - spans: When somebody listened; may overlap, in any order. One that ended before the stretch tells why the
    ///     stretch begins with a hole.
    ///   - refusals: When we were not let in, in any order.
    ///   - start: The beginning of the stretch.
    ///   - end: Its end.
    ///   - isAtLeast: See the property.
    package init(
        spans: [Span],
        refusals: [Refusal] = [],
        from start: Timestamp,
        through end: Timestamp,
        isAtLeast: Bool = false
    ) {
        let refusals = refusals.sorted { ($0.at, $0.cause.rawValue) < ($1.at, $1.cause.rawValue) }
        var holes: [Hole] = []
        var heard = start
        var listened: Int64 = 0
        var isHeardAtAll = false
        var last: Span?
        func addHole(through: Timestamp) {
            let causes = Self.causes(after: last, until: through, refusals)
            holes.append(Hole(from: heard, through: through, causes: causes))
        }
        for span in spans.sorted(by: { ($0.from, $0.through) < ($1.from, $1.through) }) where span.from <= end {
            if span.through >= start {
                isHeardAtAll = true
                if span.from > heard { addHole(through: span.from) }
                listened += max(0, min(span.through, end).rawValue - max(heard, span.from).rawValue)
                heard = max(heard, span.through)
            }
            if last.map({ $0.through <= span.through }) ?? true { last = span }
        }
        if heard < end { addHole(through: end) }
        let length = end.rawValue - start.rawValue
        share = length > 0 ? Double(listened) / Double(length) : (isHeardAtAll ? 1 : 0)
        self.holes = holes
        self.isAtLeast = isAtLeast
    }

    package var longestHole: Hole? { holes.max { $0.milliseconds < $1.milliseconds } }

    /// Why the span before a hole ended, and each different refusal since then.
    private static func causes(after last: Span?, until: Timestamp, _ refusals: [Refusal]) -> [Cause] {
        var causes = last.map { [$0.end] } ?? []
        for refusal in refusals where refusal.at < until && last.map({ $0.through <= refusal.at }) ?? true {
            if !causes.contains(refusal.cause) { causes.append(refusal.cause) }
        }
        return causes.isEmpty ? [.notStarted] : causes
    }
}
