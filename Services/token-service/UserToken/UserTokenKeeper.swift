import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

/// Decides what to do about the user's token, and when: a value without I/O.
///
/// One thing is under way at a time. What comes back from the network or the disk carries the number it was asked with;
/// after a login or logout, answers that belong to the token before are worthless and recognised by it.
struct UserTokenKeeper: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Who we are at Twitch.
    struct Client: Hashable, Sendable {
        /// `TWITCH_CLIENT_ID`; nil: the one that the token was made for.
        var id: String?
        /// Without a secret. Refresh tokens of public clients work once.
        var isPublic: Bool
    }

    /// What is under way.
    enum Activity: Hashable, Sendable {
        case idle
        case validating
        case writingIntent
        case refreshing(RefreshIntent)
        /// Putting the new pair on disk; nobody uses it before.
        case keeping(RefreshIntent, StoredToken)
    }

    /// Why there is no usable token although there was one.
    enum Obstacle: Hashable, Sendable {
        /// The token file cannot be read; nothing is known.
        case file(String)
        /// A person has to log in again.
        case over(String)
        /// The client id or secret is wrong; the token is used while it lives.
        case client(String)
        /// The new pair cannot be stored.
        case disk(String)
        /// Twitch cannot be asked.
        case network(String)
    }

    let client: Client
    let validateInterval: Duration
    var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()

    var token: StoredToken?
    /// The fingerprint of the token that others have from us.
    var published: String?
    var activity = Activity.idle
    /// The number of what is under way.
    var attempt = 0
    /// A refresh of which it is not known whether it happened.
    var intent: RefreshIntent?
    var obstacle: Obstacle?
    var isStopping = false

    /// When the token ends, as far as is known.
    var life = TokenLife()
    /// When Twitch last said that it is valid; nil when it did not in this run.
    var validatedAt: Instant?
    var validateDue: Instant?
    var refreshDue: Instant?
    /// When to renew a token that was rejected or is dead; nil when none was.
    var hurriedDue: Instant?
    /// Nothing is asked before.
    var pausedUntil: Instant?
    /// No refresh before, although other questions are allowed.
    var refreshPausedUntil: Instant?
    /// The last validation could not be made.
    var isValidationOverdue = false
    var backoff = Backoff(base: .seconds(2), cap: .seconds(300))
    var rejections = RejectionPause()
    /// A login does not lift these two: they protect Twitch and refresh tokens from us.
    var limit = RequestLimit(most: 6)
    var pace = RenewalPace()
    /// Why this process may not refresh at the moment: another one may.
    var lockLost: String?
    /// What the file held when it was read last, to put it back when it is gone.
    var memory: StoredTokens?
    /// When to put the file back again that could not be; nil while it is there.
    var restoreDue: Instant?
    /// Refresh tokens that this process has exchanged: a file that holds one of them is older than what is known.
    var exchanged: [String] = []
    /// When the times of day were made that others have from us, and the end that they were told; nil: none.
    var publishedAt: Moment?
    var publishedEnd: Instant?

    init(client: Client, validateInterval: Duration = .seconds(3600)) {
        self.client = client
        self.validateInterval = validateInterval
    }

    /// Takes what happened and says what to do now, in order.
    mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        var actions = self.compareClocks(at: now)
        actions += self.take(event, at: now)
        actions += self.next(at: now)
        return actions
    }

    /// Nothing is under way that must not be cut off: a refresh, or the storing of its result.
    var isQuiet: Bool {
        switch self.activity {
        case .idle, .validating: true
        case .writingIntent, .refreshing, .keeping: false
        }
    }

    /// Whether the first question was answered, one way or the other: before, followers keep what they have.
    var isSettled: Bool {
        guard self.token != nil, self.obstacle == nil else { return true }
        return self.published != nil
    }

    /// Why `/health/ready` is 503; nil when all is well, which it is without an account too.
    func obstacle(at now: Moment) -> String? {
        if let lockLost { return lockLost }
        switch self.obstacle {
        case .file(let reason), .over(let reason), .client(let reason), .disk(let reason): return reason
        case .network(let reason):
            // While others have a token that lives, an outage of Twitch's harms nobody.
            if self.published != nil, self.life.isOn(at: now.instant) { return nil }
            return reason
        case nil:
            guard self.token != nil, self.published == nil else { return nil }
            return "there is no valid user token at the moment; asking Twitch"
        }
    }

    /// The token can be renewed by us.
    var canRefresh: Bool {
        guard let token, token.refreshToken != nil else { return false }
        return !self.isForeign && (self.client.id ?? token.clientID) != nil
    }

    /// The token was made for another application than ours.
    var isForeign: Bool {
        guard let own = self.client.id, let its = self.token?.clientID else { return false }
        return own != its
    }

    /// A person has to log in again: nothing is asked any more.
    var isOver: Bool { if case .over = self.obstacle { true } else { false } }

    /// The token file cannot be used: what is in memory is still validated, and cannot be renewed.
    var isFileUnusable: Bool { if case .file = self.obstacle { true } else { false } }
}
