import EventStore
import Protocol

/// Which producers wait for an answer whether their journals are kept for our database: a decision without I/O.
///
/// Nothing of a producer is stored before it has said so: otherwise a wrong database fills, and its journal refuses every
/// acknowledgement.
struct ProducerConsent: Sendable {
    /// How often one that has not answered, or refuses, is asked again.
    static let interval: Duration = .seconds(10)

    /// Those that were asked; the value tells whether they refuse.
    private var asked: [String: Bool] = [:]
    private var askedAt: ContinuousClock.Instant?

    /// Why the writer is not ready; nil when nobody refuses.
    var obstacle: String? {
        let refusing = asked.filter(\.value).keys.sorted()
        guard let first = refusing.first else { return nil }
        let others = refusing.count == 1 ? "" : " and \(refusing.count - 1) more"
        return "the journal of \(first)\(others) is kept for another database, so nothing of it is stored; "
            + "correct DATABASE_URL, or set WRITER_NEW_ARCHIVE=true to let this one take its place"
    }

    /// A producer was found and is asked.
    mutating func ask(_ producer: String, at now: ContinuousClock.Instant) {
        asked[producer] = asked[producer] ?? false
        askedAt = askedAt ?? now
    }

    /// It has answered. True when it may be followed from now on.
    mutating func answered(_ producer: String, isRefused: Bool) -> Bool {
        if isRefused {
            asked[producer] = true
            return false
        }
        return asked.removeValue(forKey: producer) != nil
    }

    /// Those to be asked again now.
    mutating func due(at now: ContinuousClock.Instant) -> [String] {
        guard !asked.isEmpty, let last = askedAt, now - last >= Self.interval else { return [] }
        askedAt = now
        return asked.keys.sorted()
    }
}
