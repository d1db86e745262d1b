import EventBus
import Logging
import Protocol
import ServiceRuntime
import Synchronization
import TwitchAPI

/// Whether there is a token for Helix.
enum TokenPresence: Hashable, Sendable {
    case there
    /// None was ever issued, or it was withdrawn.
    case none
    /// What there is was refused by Twitch.
    case refused
}

/// The tokens that the token-service publishes, as the Helix client uses them: the app's, or a user's where there is no
/// other.
final class FollowedTokens: AccessTokenSource {
    private struct State {
        var tokens: [String: TokenIssued] = [:]
        /// What Twitch refused, by kind: not used again until the token-service issues something.
        var refused: [String: String] = [:]
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private static let kinds = ["app", "user"]

    private let clock: WallClock
    private let logger: Logger
    private let tell: @Sendable (EventDraft) async -> Void
    private let state = Mutex(State())

    /// `tell` publishes a rejection, so that the token-service hears of it.
    init(clock: WallClock = .system, logger: Logger, tell: @escaping @Sendable (EventDraft) async -> Void) {
        self.clock = clock
        self.logger = logger
        self.tell = tell
    }

    /// The token-service issued a token of a kind, or withdrew it (nil).
    func changed(_ kind: String, _ token: TokenIssued?) {
        let waiters = state.withLock { state in
            state.tokens[kind] = token
            state.refused[kind] = nil
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Whether there is something to ask with.
    var presence: TokenPresence {
        if current != nil { return .there }
        return state.withLock { $0.tokens.isEmpty } ? .none : .refused
    }

    func credentials() async -> HelixCredentials? { current }

    func rejected(_ credentials: HelixCredentials, reason: String) async {
        let token = credentials.token.reveal()
        let isNews = state.withLock { state in
            defer { state.refused[credentials.kind] = token }
            return state.refused[credentials.kind] != token && state.tokens[credentials.kind]?.accessToken == token
        }
        guard isNews else { return }
        let fingerprint = TokenFingerprint.of(token)
        logger.warning(
            "Twitch's API refused the access token; the token-service is told",
            metadata: [PollerLogKey.kind: "\(credentials.kind)", PollerLogKey.fingerprint: "\(fingerprint)"]
        )
        let now = clock.now()
        let rejection = TokenRejected(kind: credentials.kind, fingerprint: fingerprint, reason: reason, rejectedAt: now)
        await tell(EventDraft(domain: .token, subject: "_", time: now, event: .tokenRejected(rejection)))
    }

    func replacement(of credentials: HelixCredentials, within limit: Duration) async -> HelixCredentials? {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while true {
            if let current, current != credentials { return current }
            let left = end - clock.now
            guard left > .zero, !Task.isCancelled else { return nil }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.change(from: credentials) }
                group.addTask { try? await Task.sleep(for: left) }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private var current: HelixCredentials? {
        state.withLock { state in
            for kind in Self.kinds {
                guard let token = state.tokens[kind], state.refused[kind] != token.accessToken else { continue }
                return HelixCredentials(clientID: token.clientID, token: Secret(token.accessToken), kind: kind)
            }
            return nil
        }
    }

    /// Returns when the token-service has told something, or at once if there is another token already.
    private func change(from credentials: HelixCredentials) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    let token = state.tokens[credentials.kind]?.accessToken
                    if Task.isCancelled || (token != nil && token != credentials.token.reveal()) { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume()
        }
    }
}
