import Logging
import Protocol
import ServiceRuntime
import Synchronization
import TwitchChat

/// Logs in with the account that the token service vouches for, and anonymously wherever that is not possible.
///
/// Only asked when a connection is opened: a running one outlives its token, because Twitch does not end it.
final class AccountCredentials: CredentialsSource {
    private struct State {
        var use: AccountUse
        var reminder = RejectionReminder()
        /// The token that was complained about last, by fingerprint.
        var complaint: String?
        /// Until when the first token is waited for; nil before anybody asked.
        var deadline: ContinuousClock.Instant?
    }

    private let tokens: any TokenSource
    private let arrival: Signal<Void>
    private let grace: Duration
    private let fingerprint: @Sendable (String) -> String
    private let clock: WallClock
    private let metrics: GatewayMetrics
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - tokens: the token service's follower.
    ///   - channelsPerReader: how many rooms a connection may be in.
    ///   - arrival: fires with the first token.
    ///   - grace: how long the first connections wait for it; zero where none is expected.
    ///   - fingerprint: what a token is called in public.
    ///   - policy: how long the account rests after a failure.
    ///   - clock: tells whether a token has expired.
    ///   - metrics: counts refusals.
    ///   - logger: told once about each.
    init(
        tokens: any TokenSource,
        channelsPerReader: Int,
        arrival: Signal<Void>,
        grace: Duration,
        fingerprint: @escaping @Sendable (String) -> String,
        policy: AccountUse.Policy = .init(),
        clock: WallClock = .system,
        metrics: GatewayMetrics,
        logger: Logger
    ) {
        self.tokens = tokens
        self.arrival = arrival
        self.grace = grace
        self.fingerprint = fingerprint
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        state = Mutex(State(use: AccountUse(channelsPerReader: channelsPerReader, policy: policy)))
    }

    func credentials(for reader: Int) async -> Credentials {
        let deadline = state.withLock { state in
            let deadline = state.deadline ?? .now + grace
            state.deadline = deadline
            return deadline
        }
        if tokens.current("user") == nil, deadline > .now { _ = await arrival.wait(upTo: deadline - .now) }
        guard let token = tokens.current("user") else { return .randomAnonymous() }
        let name = fingerprint(token.accessToken)
        switch AccountLogin(token, at: clock.now()) {
        case .unusable(let reason):
            complain(name, reason)
            return .randomAnonymous()
        case .usable(let login):
            guard state.withLock({ $0.use.grants(name, to: reader, at: .now) }) else { return .randomAnonymous() }
            return .account(login: login, token: Secret(token.accessToken))
        }
    }

    /// This gateway's part of what the account may do. Running connections stay as they are.
    func take(_ place: GatewayPlace) {
        state.withLock { $0.use.take(place) }
    }

    func released(by reader: Int) {
        state.withLock { $0.use.release(reader) }
    }

    func ended(_ credentials: Credentials, with end: ConnectionEnd, loggedInFor: Duration?) -> LoginOutcome {
        guard case .account(let login, let token) = credentials else { return LoginOutcome() }
        let name = fingerprint(token.reveal())
        switch end {
        case .loginRefused(let notice):
            let refusal = LoginRefusal(notice: notice)
            metrics.loginRefused(refusal)
            let consequence = state.withLock { $0.use.refused(name, because: refusal, at: .now) }
            return outcome(consequence, login: login, fingerprint: name, cause: notice)
        case .closed, .silent, .loginTimeout:
            guard loggedInFor == nil else { break }
            let consequence = state.withLock { $0.use.notAnswered(at: .now) }
            return outcome(consequence, login: login, fingerprint: name, cause: end.explanation)
        case .unreachable, .tls, .upgradeRefused, .replaced, .unneeded, .shutdown:
            break
        }
        if loggedInFor != nil { state.withLock { $0.use.succeeded() } }
        return LoginOutcome()
    }

    /// A rejection that nobody seems to have heard.
    func dueReminder(at now: ContinuousClock.Instant) -> TokenRejected? {
        let offered = tokens.current("user").map { fingerprint($0.accessToken) }
        return state.withLock { $0.reminder.due(offered: offered, at: now) }
    }

    /// Why the account is not used, in one line; nil when it is, or when there is none.
    var obstacle: String? {
        guard let token = tokens.current("user") else { return nil }
        if case .unusable(let reason) = AccountLogin(token, at: clock.now()) { return reason }
        let name = fingerprint(token.accessToken)
        return state.withLock { state in
            if state.use.isRefused(name) { return "Twitch refused the token of \(token.login ?? "the account")" }
            if state.use.isResting(at: .now) { return "Twitch did not let \(token.login ?? "the account") log in" }
            return nil
        }
    }

    private func outcome(
        _ consequence: AccountUse.Consequence,
        login: String,
        fingerprint: String,
        cause: String
    ) -> LoginOutcome {
        var metadata: Logger.Metadata = [IRCLogKey.nick: "\(login)", IRCLogKey.cause: "\(cause)"]
        switch consequence {
        case .refused(let isNews):
            guard isNews else { return LoginOutcome(isWorthTryingAtOnce: true) }
            logger.warning(
                "Twitch refused the account's token; reading goes on anonymously, the next token is used at a reconnect",
                metadata: metadata
            )
            let rejection = TokenRejected(
                kind: "user",
                fingerprint: fingerprint,
                reason: cause,
                rejectedAt: clock.now()
            )
            state.withLock { $0.reminder.refused(rejection, at: .now) }
            return LoginOutcome(isWorthTryingAtOnce: true, rejection: rejection)
        case .rest(let pause, let isNews):
            if isNews {
                metadata[IRCLogKey.pause] = "\(pause)"
                logger.warning("The account cannot log in; reading goes on anonymously for now", metadata: metadata)
            }
            return LoginOutcome(isWorthTryingAtOnce: true)
        case .retry:
            return LoginOutcome()
        }
    }

    /// One line for each token that is of no use.
    private func complain(_ fingerprint: String, _ reason: String) {
        let isNews = state.withLock { state in
            defer { state.complaint = fingerprint }
            return state.complaint != fingerprint
        }
        if isNews { logger.warning("Reading anonymously", metadata: [IRCLogKey.reason: "\(reason)"]) }
    }
}
