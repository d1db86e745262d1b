import TwitchChat

/// Which readers may log in with the account, and when it has to rest. No I/O.
///
/// An account may be in 100 rooms at most (anonymous names seem to have no such limit), so only as many readers of all
/// gateways have a seat as fit. A token that was refused is never used again; whatever else goes wrong only makes the account rest.
struct AccountUse: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How long the account rests.
    struct Policy: Hashable, Sendable {
        /// After the first failure that says nothing about the token; doubled each time.
        var firstRest: Duration = .seconds(60)
        var longestRest: Duration = .seconds(3600)
        /// Logins in a row without any answer that count as one failure.
        var unansweredLogins = 2
    }

    /// What a failed login leads to.
    enum Consequence: Hashable, Sendable {
        /// The token is bad; `isNews` the first time.
        case refused(isNews: Bool)
        /// The account is not used for a while; `isNews` when it was not resting already.
        case rest(Duration, isNews: Bool)
        /// One failure proves nothing yet.
        case retry
    }

    /// How many rooms an account may be in at once.
    static let rooms = 100

    private let policy: Policy
    private let allSeats: Int
    private var seats: Int
    private var seated: Set<Int> = []
    /// Fingerprints, newest last.
    private var badTokens: [String] = []
    private var restingUntil: Instant?
    private var failures = 0
    private var unanswered = 0

    /// `channelsPerReader` is how many rooms a reader may be in.
    init(channelsPerReader: Int, policy: Policy = .init()) {
        self.policy = policy
        allSeats = Self.seats(channelsPerReader: channelsPerReader)
        seats = allSeats
    }

    /// How many readers of all gateways may use the account at once.
    static func seats(channelsPerReader: Int) -> Int { max(1, rooms / max(1, channelsPerReader)) }

    /// This gateway's part of the seats, which may be none.
    mutating func take(_ place: GatewayPlace) {
        seats = place.part(of: allSeats)
    }

    /// Whether a reader may log in with a token now. A reader that may keeps its seat until `release`.
    mutating func grants(_ fingerprint: String, to reader: Int, at now: Instant) -> Bool {
        guard !badTokens.contains(fingerprint), !isResting(at: now) else { return false }
        // Who has a seat counts already; where there are fewer seats than before, who comes first gives one up.
        seated.insert(reader)
        guard seated.count > seats else { return true }
        seated.remove(reader)
        return false
    }

    mutating func release(_ reader: Int) {
        seated.remove(reader)
    }

    func isRefused(_ fingerprint: String) -> Bool { badTokens.contains(fingerprint) }

    func isResting(at now: Instant) -> Bool { restingUntil.map { now < $0 } ?? false }

    /// A login worked.
    mutating func succeeded() {
        failures = 0
        unanswered = 0
        restingUntil = nil
    }

    /// Twitch said why a login ends; nil for something that is no known notice.
    mutating func refused(_ fingerprint: String, because refusal: LoginRefusal?, at now: Instant) -> Consequence {
        guard refusal?.isAboutToken == true else { return rest(at: now) }
        guard !badTokens.contains(fingerprint) else { return .refused(isNews: false) }
        badTokens.append(fingerprint)
        if badTokens.count > 16 { badTokens.removeFirst() }
        return .refused(isNews: true)
    }

    /// The connection was closed or stayed silent where a welcome was due.
    mutating func notAnswered(at now: Instant) -> Consequence {
        unanswered += 1
        return unanswered < policy.unansweredLogins ? .retry : rest(at: now)
    }

    private mutating func rest(at now: Instant) -> Consequence {
        // Connections that failed together are one failure.
        if let restingUntil, now < restingUntil { return .rest(restingUntil - now, isNews: false) }
        let rest = min(policy.firstRest * (1 << min(failures, 16)), policy.longestRest)
        failures += 1
        unanswered = 0
        restingUntil = now + rest
        return .rest(rest, isNews: true)
    }
}
