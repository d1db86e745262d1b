package import Protocol
package import ServiceRuntime

/// What `STATE_DIR/tokens.json` holds.
package struct StoredTokens: Hashable, Sendable, Codable {
    /// The account that chat is read with; nil after a logout.
    package private(set) var user: StoredToken?
    /// A refresh whose outcome is not known yet.
    package private(set) var intent: RefreshIntent?
    /// Why the login in ``user`` is over.
    package private(set) var refusal: RefreshRefusal?
    /// Tokens that were here before: what `.env` still says of them is stale. Oldest first.
    package private(set) var seen: [String]
    /// The version of the token that was published last: milliseconds since 1970 or more, below the year 10,000.
    package private(set) var lastVersion: Int
    /// Grows with each change of the file.
    package internal(set) var generation: Int

    /// A month of refreshes at eight a day: a refresh token from before that has expired.
    private static let longestMemory = 256

    /// Nothing.
    package init() {
        self.seen = []
        self.lastVersion = 0
        self.generation = 0
    }

    /// Numbers that nobody can have written who counts as we do are taken for none: adding to them must be possible.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.user = try container.decodeIfPresent(StoredToken.self, forKey: .user)
        self.intent = try container.decodeIfPresent(RefreshIntent.self, forKey: .intent)
        self.refusal = try container.decodeIfPresent(RefreshRefusal.self, forKey: .refusal)
        self.seen = try container.decodeIfPresent([String].self, forKey: .seen) ?? []
        let version = try container.decodeIfPresent(Int.self, forKey: .lastVersion) ?? 0
        self.lastVersion = Self.versions.contains(version) ? version : 0
        let generation = try container.decodeIfPresent(Int.self, forKey: .generation) ?? 0
        self.generation = (0..<(1 << 53)).contains(generation) ? generation : 0
    }

    /// Up to the last millisecond of the year 9999.
    private static let versions = 0...253_402_300_799_999

    private enum CodingKeys: String, CodingKey {
        case user
        case intent
        case refusal
        case seen
        case lastVersion = "last_version"
        case generation
    }
}

// MARK: - Logging in and out

extension StoredTokens {
    /// A person has logged in, or an `.env` was imported: whatever was under way for the token before is over.
    package mutating func logIn(_ token: StoredToken) {
        self.forget()
        self.user = token
        self.remember(token)
    }

    /// A person has logged out.
    package mutating func logOut() {
        self.forget()
        self.user = nil
    }

    /// The pair is one that was here before, or is here now.
    package func knows(access: Secret?, refresh: Secret?) -> Bool {
        [access, refresh].contains { token in token.map { self.seen.contains($0.fingerprint) } ?? false }
    }

    private mutating func forget() {
        if let user { self.remember(user) }
        self.intent = nil
        self.refusal = nil
    }

    private mutating func remember(_ token: StoredToken) {
        for secret in [token.accessToken, token.refreshToken].compactMap({ $0 }) where !secret.reveal().isEmpty {
            let fingerprint = secret.fingerprint
            self.seen.removeAll { $0 == fingerprint }
            self.seen.append(fingerprint)
        }
        self.seen.removeFirst(max(0, self.seen.count - 2 * Self.longestMemory))
    }
}

// MARK: - Keeping

extension StoredTokens {
    /// Notes what Twitch said about the token, unless it was replaced meanwhile. Whether it was noted.
    package mutating func note(_ token: StoredToken) -> Bool {
        guard token.isSamePair(as: self.user) else { return false }
        self.user = token
        return true
    }

    /// Notes that the refresh token of `token` is about to be spent; nil when another token is here by now.
    package mutating func beginRefresh(of token: StoredToken, at now: Timestamp) -> RefreshIntent? {
        guard token.isSamePair(as: self.user), let refreshToken = token.refreshToken else { return nil }
        let intent = RefreshIntent(refreshFingerprint: refreshToken.fingerprint, startedAt: now)
        self.intent = intent
        return intent
    }

    /// Puts the new pair in the place of the old one; false when a login or logout came first, which wins. A file that was
    /// removed meanwhile is written anew.
    package mutating func completeRefresh(_ intent: RefreshIntent, with token: StoredToken) -> Bool {
        guard self.intent == intent || self.isUnwritten else { return false }
        self.logIn(token)
        return true
    }

    /// This content with `token` as the login and `intent` as what is under way: what a running service knows better than
    /// the file it has read.
    package func holding(_ token: StoredToken, intent: RefreshIntent?) -> StoredTokens {
        var tokens = self
        if token.isSamePair(as: tokens.user) { tokens.user = token } else { tokens.logIn(token) }
        tokens.intent = intent
        return tokens
    }

    /// Puts back `tokens` where there is no file, or where the file holds the pair `stale`; false where somebody has
    /// written another one by now, which wins.
    package mutating func putBack(_ tokens: StoredTokens, over stale: StoredToken?) -> Bool {
        guard self.isUnwritten || (stale.map { $0.isSamePair(as: self.user) } ?? false) else { return false }
        let generation = max(self.generation, tokens.generation)
        let version = max(self.lastVersion, tokens.lastVersion)
        self = tokens
        self.generation = generation
        self.lastVersion = version
        return true
    }

    /// There is no file: a logout leaves one.
    private var isUnwritten: Bool { self == StoredTokens() }

    /// The refresh did not happen: the refresh token may be used another time.
    package mutating func abandonRefresh(_ intent: RefreshIntent) -> Bool {
        guard self.intent == intent else { return false }
        self.intent = nil
        return true
    }

    /// The login is over: nothing of it is to be sent again, not even after a restart.
    package mutating func refuse(_ token: StoredToken, because reason: String, at now: Timestamp) -> Bool {
        guard token.isSamePair(as: self.user) else { return false }
        self.refusal = RefreshRefusal(
            fingerprint: (token.refreshToken ?? token.accessToken).fingerprint,
            reason: reason,
            refusedAt: now
        )
        self.intent = nil
        return true
    }

    /// The version for the next token that is published, whatever the clock did since the last one.
    package mutating func nextVersion(at now: Timestamp) -> Int {
        self.lastVersion = min(max(self.lastVersion + 1, Int(now.rawValue)), Self.versions.upperBound)
        return self.lastVersion
    }
}
