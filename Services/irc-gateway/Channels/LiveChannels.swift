import Synchronization

/// Which channels are live, and when each of them was last heard: a live channel that says nothing may be one that is
/// not heard.
final class LiveChannels: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A live channel with few viewers may well be quiet for minutes.
    static let patience = Duration.seconds(15 * 60)

    /// Live channels only: when each was last heard, or since when it is known to be live.
    private let heardAt = Mutex<[String: Instant]>([:])

    /// These are live now, and no others.
    func areLive(_ logins: Set<String>, at now: Instant) {
        heardAt.withLock { heardAt in
            heardAt = Dictionary(uniqueKeysWithValues: logins.map { ($0, heardAt[$0] ?? now) })
        }
    }

    /// Something was read from these.
    func heard(_ logins: Set<String>, at now: Instant) {
        heardAt.withLock { heardAt in
            guard !heardAt.isEmpty else { return }
            for login in logins where heardAt[login] != nil { heardAt[login] = now }
        }
    }

    /// How many are live, and which of them have said nothing for ``patience``, sorted.
    func look(at now: Instant) -> (live: Int, silent: [String]) {
        let heardAt = heardAt.withLock { $0 }
        return (heardAt.count, heardAt.filter { now - $0.value >= Self.patience }.keys.sorted())
    }
}
