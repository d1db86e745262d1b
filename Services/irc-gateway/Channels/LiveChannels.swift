import Foundation
import Synchronization

/// What the stream-pollers tell of channels beside what is heard from them: which are live, and which have just shown that
/// they are there. Twitch's chat may refuse, or have left us out of, a channel that its other interface shows.
final class LiveChannels: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A live channel with few viewers may well be quiet for minutes.
    static let patience = Duration.seconds(15 * 60)
    /// Who was not live for a shorter time was not told of, rather.
    private static let absence = Duration.seconds(60)

    private struct Live {
        /// When it was last heard, or since when it is known to be live.
        var heardAt: Instant
        /// Reads with lines of it, each counting less the older it is.
        var reads = 0.0

        mutating func hear(at now: Instant, memory: Duration) {
            reads = reads * exp(-((now - heardAt) / memory)) + 1
            heardAt = max(heardAt, now)
        }
    }

    private struct State {
        var live: [String: Live] = [:]
        /// When a channel last showed that it is there: began to be live, or became known again.
        var newsAt: [String: Instant] = [:]
        /// Until when channels that are not live now were.
        var liveUntil: [String: Instant] = [:]
        var version = 0
    }

    private let memory: Duration
    private let certainty: Double
    private let state = Mutex(State())

    /// - Parameters:
    ///   - memory: Over how long a channel's liveliness is measured.
    ///   - certainty: So many reads with its lines would have come in a silence that is no chance.
    init(memory: Duration = .seconds(300), certainty: Double = 20) {
        self.memory = memory
        self.certainty = certainty
    }

    /// These are live now, and no others.
    func areLive(_ logins: Set<String>, at now: Instant) {
        state.withLock { state in
            for login in state.live.keys where !logins.contains(login) { state.liveUntil[login] = now }
            state.liveUntil = state.liveUntil.filter { now - $0.value < Self.absence }
            // A poller that was away for a moment makes no news.
            for login in logins where state.live[login] == nil && state.liveUntil[login] == nil {
                state.newsAt[login] = now
            }
            state.live = Dictionary(uniqueKeysWithValues: logins.map { ($0, state.live[$0] ?? Live(heardAt: now)) })
            state.newsAt = state.newsAt.filter { now - $0.value < .seconds(3600) }
            state.version += 1
        }
    }

    /// These were unknown or somebody else, and are there now.
    func appeared(_ logins: Set<String>, at now: Instant) {
        guard !logins.isEmpty else { return }
        state.withLock { state in
            for login in logins { state.newsAt[login] = now }
            state.version += 1
        }
    }

    /// Something was read from these.
    func heard(_ logins: Set<String>, at now: Instant) {
        state.withLock { state in
            guard !state.live.isEmpty else { return }
            for login in logins { state.live[login]?.hear(at: now, memory: memory) }
        }
    }

    /// How many are live, and which of them have said nothing for ``patience``, sorted.
    func look(at now: Instant) -> (live: Int, silent: [String]) {
        let live = state.withLock { $0.live }
        return (live.count, live.filter { now - $0.value.heardAt >= Self.patience }.keys.sorted())
    }

    /// What is known of one channel.
    struct Sign: Hashable, Sendable {
        /// When it last showed that it is there; nil for not lately.
        var newsAt: Instant?
        /// When it was last heard; nil when it is not live.
        var heardAt: Instant?
        /// It was so lively that its silence cannot be chance.
        var isMissed = false
    }

    /// What is known of these channels, unless nothing was told since `version`. Those of which nothing is known are left out.
    func signs(of logins: () -> [String], since version: inout Int, at now: Instant) -> [String: Sign] {
        state.withLock { state in
            guard state.version != version else { return [:] }
            version = state.version
            var signs: [String: Sign] = [:]
            for login in logins() {
                let live = state.live[login]
                guard live != nil || state.newsAt[login] != nil else { continue }
                let expected = live.map { $0.reads * ((now - $0.heardAt) / memory) } ?? 0
                signs[login] = Sign(
                    newsAt: state.newsAt[login],
                    heardAt: live?.heardAt,
                    isMissed: expected >= certainty
                )
            }
            return signs
        }
    }
}
