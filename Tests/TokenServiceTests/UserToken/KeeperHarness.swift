import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

@testable import token_service

/// A keeper with a clock that is turned by hand, and a file and a Twitch that do what the test says.
struct KeeperHarness {
    typealias Keeper = UserTokenKeeper

    var keeper: UserTokenKeeper
    var now = Moment(instant: .now, time: Timestamp(milliseconds: 1_800_000_000_000))
    /// What the token file holds.
    var stored = StoredTokens()
    private var attempt = 0

    init(isPublic: Bool = true, id: String? = "our-client") {
        self.keeper = UserTokenKeeper(client: .init(id: id, isPublic: isPublic))
        // The longest pause each time: nothing is left to chance.
        self.keeper.generator = LongestPause()
    }

    /// Each random number is as large as it can be.
    private struct LongestPause: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max - 4096 }
    }

    static func pair(_ name: String, at time: Timestamp? = nil, lives: Int64? = nil) -> StoredToken {
        StoredToken(
            accessToken: Secret("access-\(name)"),
            refreshToken: Secret("refresh-\(name)"),
            clientID: "our-client",
            login: "harborlog",
            userID: "700100100",
            scopes: ["chat:read"],
            obtainedAt: time,
            expiresAt: time.flatMap { time in lives.map { Timestamp(rawValue: time.rawValue + $0 * 1000) } },
            validatedAt: time
        )
    }

    /// Somebody sets the wall clock; no time passes.
    mutating func setClock(by step: Duration) {
        self.now.time = Timestamp(rawValue: self.now.time.rawValue + Int64(step / .milliseconds(1)))
    }

    mutating func advance(_ duration: Duration) -> [Keeper.Action] {
        self.now = Moment(
            instant: self.now.instant + duration,
            time: self.now.time(of: self.now.instant + duration)
        )
        return self.send(.tick)
    }

    mutating func send(_ event: Keeper.Event) -> [Keeper.Action] {
        let actions = self.keeper.handle(event, at: self.now)
        for case .abandon(let intent) in actions { _ = self.stored.abandonRefresh(intent) }
        for case .note(let token) in actions { _ = self.stored.note(token) }
        for case .refuse(let token, let reason) in actions {
            _ = self.stored.refuse(token, because: reason, at: self.now.time)
        }
        for case .restore(let tokens, let stale) in actions { _ = self.stored.putBack(tokens, over: stale) }
        return actions
    }

    /// A login, seen in the file.
    mutating func logIn(_ token: StoredToken) -> [Keeper.Action] {
        self.stored.logIn(token)
        return self.send(.stored(self.stored))
    }

    /// Twitch says that the token lives on for `seconds`.
    mutating func answerValid(_ seconds: Int? = 14_400, scopes: [String] = ["chat:read"]) -> [Keeper.Action] {
        let validation = TokenValidation(
            clientID: "our-client",
            login: "harborlog",
            userID: "700100100",
            scopes: scopes,
            expiresIn: seconds.map { .seconds($0) }
        )
        return self.send(.validated(self.keeper.attempt, .success(validation)))
    }

    mutating func answerValidate(_ error: OAuthError) -> [Keeper.Action] {
        self.send(.validated(self.keeper.attempt, .failure(error)))
    }

    mutating func writeIntent() -> [Keeper.Action] {
        guard let token = self.keeper.token else { return [] }
        let intent = self.stored.beginRefresh(of: token, at: self.now.time)
        return self.send(.intentWritten(self.keeper.attempt, .success(intent)))
    }

    mutating func answerRefresh(_ name: String, lives: Int? = 14_400) -> [Keeper.Action] {
        let grant = TokenGrant(
            accessToken: Secret("access-\(name)"),
            refreshToken: Secret("refresh-\(name)"),
            expiresIn: lives.map { .seconds($0) },
            scopes: ["chat:read"]
        )
        return self.send(.refreshed(self.keeper.attempt, .success(grant)))
    }

    mutating func answerRefresh(_ error: OAuthError) -> [Keeper.Action] {
        self.send(.refreshed(self.keeper.attempt, .failure(error)))
    }

    /// Puts the new pair on disk as the service does.
    mutating func keep() -> [Keeper.Action] {
        guard case .keeping(let intent, let token) = self.keeper.activity else { return [] }
        return self.send(.kept(self.keeper.attempt, .success(self.stored.completeRefresh(intent, with: token))))
    }

    /// A whole refresh, which is due.
    mutating func refresh(to name: String, lives: Int? = 14_400) -> [Keeper.Action] {
        _ = self.writeIntent()
        _ = self.answerRefresh(name, lives: lives)
        return self.keep()
    }

    /// Logged in and valid for four hours.
    static func valid(isPublic: Bool = true) -> KeeperHarness {
        var harness = KeeperHarness(isPublic: isPublic)
        _ = harness.logIn(Self.pair("one", at: harness.now.time, lives: 14_400))
        _ = harness.answerValid()
        return harness
    }

    static let lost = OAuthError(.transient, "no answer in time", isAmbiguous: true)
    static let away = OAuthError(.transient, "connection refused")
    static let dead = OAuthError(.invalidToken, "answered 401: invalid access token", status: 401)
    static let refused = OAuthError(.refused, "answered 400: Invalid refresh token", status: 400)
}

extension [UserTokenKeeper.Action] {
    var validates: Bool { self.contains { if case .validate = $0 { true } else { false } } }
    var writesIntent: Bool { self.contains { if case .writeIntent = $0 { true } else { false } } }
    /// The refresh tokens that are sent.
    var spends: [String] {
        self.compactMap { if case .refresh(_, let token) = $0 { token.refreshToken?.reveal() } else { nil } }
    }
    var publishes: [String] {
        self.compactMap { if case .publish(let token) = $0 { token.accessToken.reveal() } else { nil } }
    }
    var withdraws: [String] {
        self.compactMap { if case .withdraw(let fingerprint, _) = $0 { fingerprint } else { nil } }
    }
    var errors: [String] {
        self.compactMap { if case .tell(.error(let line)) = $0 { line } else { nil } }
    }
    var troubles: Int { self.count { if case .tell(.trouble) = $0 { true } else { false } } }
}
