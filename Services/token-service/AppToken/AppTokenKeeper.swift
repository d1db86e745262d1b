import ServiceRuntime
import TokenStore
import TwitchAPI

/// Decides what to do about the app access token, which has no refresh token: another one is asked for. No I/O.
struct AppTokenKeeper: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What happened.
    enum Event: Sendable {
        case obtained(Result<TokenGrant, OAuthError>)
        case validated(Result<TokenValidation, OAuthError>)
        case rejected(fingerprint: String, reason: String)
        case tick
        case stop
    }

    /// What to do.
    enum Action: Hashable, Sendable {
        case obtain
        case validate(Secret)
        case publish(Held)
        case withdraw(fingerprint: String, reason: String)
        case tell(Notice)
    }

    /// What a person is told.
    enum Notice: Hashable, Sendable {
        case obtained
        case rejected(String)
        case trouble(String)
        case troubleOver
        case error(String)
    }

    /// The token that is in use.
    struct Held: Hashable, Sendable {
        var token: Secret
        var obtained: Instant
        var expires: Instant?
    }

    let validateInterval: Duration
    var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()

    private(set) var held: Held?
    private(set) var obstacle: String?
    private var isBusy = false
    private var isStopping = false
    private var obtainDue: Instant?
    private var validateDue: Instant?
    private var pausedUntil: Instant?
    private var backoff = Backoff(base: .seconds(1), cap: .seconds(300))
    private var rejections = RejectionPause()

    init(validateInterval: Duration = .seconds(3600)) { self.validateInterval = validateInterval }

    /// Whether the first question was answered, one way or the other.
    var isSettled: Bool { self.held != nil || self.obstacle != nil }

    /// Nothing more is to come after `stop`: an app token that is lost costs nothing.
    var isStopped: Bool { self.isStopping }

    /// Why there is no token that lives; nil when there is one.
    func obstacle(at now: Moment) -> String? {
        if let held, held.expires.map({ $0 > now.instant }) ?? true { return nil }
        return self.obstacle ?? "asking Twitch for an app access token"
    }

    /// Takes what happened and says what to do now, in order.
    mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .obtained(let result):
            self.isBusy = false
            actions = self.obtained(result, at: now)
        case .validated(let result):
            self.isBusy = false
            actions = self.validated(result, at: now)
        case .rejected(let fingerprint, let reason):
            guard let held, held.token.fingerprint == fingerprint, self.obtainDue.map({ $0 > now.instant }) ?? true
            else { break }
            self.obtainDue = self.rejections.due(at: now.instant, using: &self.generator)
            actions = [.tell(.rejected(reason))]
        case .tick: break
        case .stop: self.isStopping = true
        }
        return actions + self.next(at: now)
    }

    private mutating func next(at now: Moment) -> [Action] {
        guard !self.isBusy, !self.isStopping, self.pausedUntil.map({ $0 <= now.instant }) ?? true else { return [] }
        self.pausedUntil = nil
        guard let held else {
            if let obtainDue, obtainDue > now.instant { return [] }
            self.isBusy = true
            return [.obtain]
        }
        if let obtainDue, obtainDue <= now.instant {
            self.isBusy = true
            return [.obtain]
        }
        if let validateDue, validateDue <= now.instant {
            self.isBusy = true
            return [.validate(held.token)]
        }
        return []
    }

    private mutating func obtained(_ result: Result<TokenGrant, OAuthError>, at now: Moment) -> [Action] {
        switch result {
        case .success(let grant):
            let fresh = Held(
                token: grant.accessToken,
                obtained: now.instant,
                expires: grant.expiresIn.map { now.instant + $0 }
            )
            let recovered = self.recovered()
            self.held = fresh
            self.obtainDue = grant.expiresIn.map {
                now.instant + RefreshSchedule.due(remaining: $0, lifetime: $0)
            }
            // Without a life span there is something to ask.
            self.validateDue = grant.expiresIn == nil ? now.instant : now.instant + self.validateInterval
            return recovered + [.tell(.obtained), .publish(fresh)]
        case .failure(let error) where error.code == .clientRefused:
            let line = "\(error); check TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET, and start again"
            self.pausedUntil = now.instant + .seconds(3600)
            let isNew = self.obstacle != line
            self.obstacle = line
            return isNew ? [.tell(.error(line))] : []
        case .failure(let error):
            return self.retry("cannot get an app access token: \(error)", at: now)
        }
    }

    private mutating func validated(_ result: Result<TokenValidation, OAuthError>, at now: Moment) -> [Action] {
        switch result {
        case .success(let validation):
            let recovered = self.recovered()
            self.held?.expires = now.instant + validation.expiresIn
            self.validateDue = now.instant + self.validateInterval
            if let held, self.obtainDue == nil {
                let remaining = validation.expiresIn
                let lifetime = remaining + (now.instant - held.obtained)
                self.obtainDue = now.instant + RefreshSchedule.due(remaining: remaining, lifetime: lifetime)
            }
            return recovered
        case .failure(let error) where error.code == .invalidToken:
            let recovered = self.recovered()
            guard let dead = held else { return recovered }
            self.held = nil
            self.obtainDue = self.rejections.due(at: now.instant, using: &self.generator)
            return recovered
                + [.withdraw(fingerprint: dead.token.fingerprint, reason: "Twitch does not accept it any more")]
        case .failure(let error):
            return self.retry("cannot validate the app access token: \(error)", at: now)
        }
    }

    private mutating func retry(_ reason: String, at now: Moment) -> [Action] {
        self.pausedUntil = now.instant + self.backoff.next(using: &self.generator)
        let isNew = self.obstacle == nil
        self.obstacle = reason
        return isNew ? [.tell(.trouble(reason))] : []
    }

    private mutating func recovered() -> [Action] {
        self.backoff.reset()
        self.pausedUntil = nil
        guard self.obstacle != nil else { return [] }
        self.obstacle = nil
        return [.tell(.troubleOver)]
    }
}
