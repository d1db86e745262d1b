import Protocol
import ServiceRuntime
import TokenStore

extension UserTokenKeeper {
    /// The token file as it is now.
    mutating func take(_ tokens: StoredTokens?, at now: Moment) -> [Action] {
        if case .file = self.obstacle { self.obstacle = nil }
        guard let tokens else { return self.fileMissing(at: now) }
        self.memory = tokens
        self.restoreDue = nil
        guard let stored = tokens.user else { return self.loggedOut() }
        // Our own change, seen before we heard that it was made.
        if case .keeping(_, let new) = self.activity, new.isSamePair(as: stored) { return [] }
        if stored.isSamePair(as: self.token) { return self.sameAgain(tokens) }
        if let token, !self.isOver, let refresh = stored.refreshToken, self.exchanged.contains(refresh.fingerprint) {
            // A copy from before a renewal was put in its place: what it would spend is spent.
            return [self.restore(token, over: stored)]
        }
        self.adopt(stored, at: now)
        if let refusal = tokens.refusal {
            self.obstacle = .over(refusal.reason)
            return self.withdraw(refusal.reason) + [.tell(.error(refusal.reason))]
        }
        self.intent = tokens.intent
        return tokens.intent == nil ? [] : [.tell(.answerLost("the process ended during a renewal"))]
    }

    mutating func unreadable(_ reason: String) -> [Action] {
        guard self.obstacle != .file(reason) else { return [] }
        // What is in use stays in use; what is under way ends by itself.
        self.obstacle = .file(reason)
        return [.tell(.error(reason))]
    }

    /// Without the lock another process may spend the refresh token.
    mutating func take(_ lock: ProcessLock.State) -> [Action] {
        defer { if case .lost(let reason) = lock { self.lockLost = reason } else { self.lockLost = nil } }
        switch lock {
        case .held: return self.lockLost == nil ? [] : [.tell(.lockRestored)]
        case .mended: return [.tell(.lockRestored)]
        case .lost(let reason): return self.lockLost == reason ? [] : [.tell(.error(reason))]
        }
    }

    mutating func rejected(_ fingerprint: String, _ reason: String, at now: Moment) -> [Action] {
        guard let token, token.accessToken.fingerprint == fingerprint, self.isQuiet, !self.isOver else { return [] }
        // A login to chat without the scope fails with every token of this account.
        let isForScope = token.scopes.map { !$0.contains("chat:read") } ?? false
        guard self.canRefresh, !isForScope else {
            // Told again with each attempt to log in: asking Twitch each minute is enough.
            guard self.validatedAt.map({ now.instant - $0 >= .seconds(60) }) ?? true else { return [] }
            self.validateDue = now.instant
            return [.tell(.rejected(reason))]
        }
        let isNews = self.hurriedDue == nil
        self.hurry(at: now)
        return isNews ? [.tell(.rejected(reason))] : []
    }

    /// A new pair: what was under way for the one before does not count any more.
    private mutating func adopt(_ stored: StoredToken, at now: Moment) {
        self.forget()
        self.token = stored
        self.life = TokenLife(stored, at: now)
        self.validateDue = now.instant
        self.schedule(at: now)
        // With a refresh token alone there is nothing to ask about.
        if stored.accessToken.reveal().isEmpty {
            self.validateDue = nil
            self.refreshDue = now.instant
        }
    }

    /// The file is gone. Nobody logs out like that: it may hold the only copy of a refresh token, which we have too.
    private mutating func fileMissing(at now: Moment) -> [Action] {
        guard self.token != nil, self.memory != nil, !self.isOver else { return self.loggedOut() }
        // What is being stored comes to the disk anyway.
        if case .keeping = self.activity { return [] }
        self.restoreDue = now.instant
        return []
    }

    private mutating func loggedOut() -> [Action] {
        let isNews = self.token != nil || self.attempt == 0
        self.forget()
        self.token = nil
        // Told once: at the start, and after each logout.
        return self.withdraw("logged out") + (isNews ? [.tell(.noAccount)] : [])
    }

    /// The same pair is there. Only a login, which brings another pair, lifts a refusal.
    private mutating func sameAgain(_ tokens: StoredTokens) -> [Action] {
        if let refusal = tokens.refusal { self.obstacle = .over(refusal.reason) }
        return []
    }

    private mutating func forget() {
        self.attempt += 1
        self.activity = .idle
        self.intent = nil
        self.obstacle = nil
        self.life = TokenLife()
        self.validatedAt = nil
        self.restoreDue = nil
        self.validateDue = nil
        self.refreshDue = nil
        self.hurriedDue = nil
        self.pausedUntil = nil
        self.refreshPausedUntil = nil
        self.isValidationOverdue = false
        self.backoff.reset()
        self.rejections = RejectionPause()
    }
}
