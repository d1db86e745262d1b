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
        /// When it ends; nil: no end is known.
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
    private var backoff = Backoff(base: .seconds(2), cap: .seconds(300))
    private var rejections = RejectionPause()
    private var limit = RequestLimit(most: 4)
    private var pace = RenewalPace()

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
        // Without a token it is due unless a pause was set; with one, only when its end or a rejection set a time.
        let isObtainDue = self.obtainDue.map { $0 <= now.instant } ?? (self.held == nil)
        if isObtainDue, self.pace.allows(at: now.instant) { return self.begin(.obtain, at: now) }
        if let held, let validateDue, validateDue <= now.instant { return self.begin(.validate(held.token), at: now) }
        return []
    }

    private mutating func begin(_ action: Action, at now: Moment) -> [Action] {
        guard self.limit.take(at: now.instant) else { return [] }
        self.isBusy = true
        return [action]
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
            self.pace.renewed(at: now.instant)
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
            return self.retry("cannot get an app access token: \(error)", patience: error.retryAfter, at: now)
        }
    }

    private mutating func validated(_ result: Result<TokenValidation, OAuthError>, at now: Moment) -> [Action] {
        switch result {
        case .success(let validation):
            let recovered = self.recovered()
            self.validateDue = now.instant + self.validateInterval
            guard let remaining = validation.expiresIn else {
                // It lives, whatever was believed of its end.
                if let expires = self.held?.expires, expires <= now.instant { self.held?.expires = nil }
                return recovered
            }
            self.held?.expires = now.instant + remaining
            if let held, self.obtainDue == nil {
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
            return self.retry("cannot validate the app access token: \(error)", patience: error.retryAfter, at: now)
        }
    }

    private mutating func retry(_ reason: String, patience: Duration?, at now: Moment) -> [Action] {
        self.pausedUntil = now.instant + max(self.backoff.next(using: &self.generator), patience ?? .zero)
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
