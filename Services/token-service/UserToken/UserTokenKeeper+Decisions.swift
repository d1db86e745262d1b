import Protocol
import ServiceRuntime
import TokenStore

extension UserTokenKeeper {
    /// What is due now, when nothing is under way.
    mutating func next(at now: Moment) -> [Action] {
        if let restoreDue, restoreDue <= now.instant, let token {
            self.restoreDue = now.instant + .seconds(10)
            return [self.restore(token, over: nil)]
        }
        if let pausedUntil, pausedUntil > now.instant { return [] }
        // A pair that is not on disk yet is worth more than an end in time.
        if case .keeping(let intent, let token) = self.activity, self.pausedUntil != nil {
            self.pausedUntil = nil
            return [.keep(self.attempt, intent, token)]
        }
        guard self.activity == .idle, !self.isOver, !self.isStopping, let token else { return [] }
        self.pausedUntil = nil
        // Before anything else: has the refresh with the lost answer happened? The old token knows.
        if self.intent != nil { return self.begin(.validating, at: now) { .validate($0, token) } }
        let isRefreshDue =
            self.canRefresh && !self.isFileUnusable && self.lockLost == nil && self.isDue(self.refreshDue, now)
            && !self.isPaused(now)
            && self.pace.allows(at: now.instant)
        // When validations fail, a refresh that is due does not wait for them.
        if self.isDue(self.validateDue, now), !(self.isValidationOverdue && isRefreshDue) {
            return self.begin(.validating, at: now) { .validate($0, token) }
        }
        if isRefreshDue { return self.begin(.writingIntent, at: now) { .writeIntent($0, token) } }
        return []
    }

    private mutating func begin(_ activity: Activity, at now: Moment, _ action: (Int) -> Action) -> [Action] {
        guard self.limit.take(at: now.instant) else { return [] }
        self.attempt += 1
        self.activity = activity
        return [action(self.attempt)]
    }

    private func isDue(_ instant: Instant?, _ now: Moment) -> Bool { instant.map { $0 <= now.instant } ?? false }

    private func isPaused(_ now: Moment) -> Bool { self.refreshPausedUntil.map { $0 > now.instant } ?? false }

    /// A problem that time may mend: ask later, not before `patience` is over, and say so when it is new.
    mutating func retry(
        _ obstacle: Obstacle,
        _ reason: String,
        patience: Duration? = nil,
        at now: Moment
    ) -> [Action] {
        self.pausedUntil = now.instant + max(self.backoff.next(using: &self.generator), patience ?? .zero)
        let isNew = self.obstacle == nil
        if !self.isFileUnusable { self.obstacle = obstacle }
        return isNew ? [.tell(.trouble(reason))] : []
    }

    /// Twitch or the disk answered: the next problem is a new one.
    mutating func recovered() -> [Action] {
        // While a refresh is in doubt its pace stays: the answer about the old token says nothing about the next try.
        if self.intent == nil { self.backoff.reset() }
        self.pausedUntil = nil
        switch self.obstacle {
        case .network, .disk:
            self.obstacle = nil
            return [.tell(.troubleOver)]
        case .client, .over, .file, nil: return []
        }
    }

    /// The login is over: take it back, remember it, and tell once.
    mutating func end(_ reason: String) -> [Action] {
        guard let token else { return [] }
        let line = "\(reason); chat is read anonymously from now on; run: collector auth login"
        self.obstacle = .over(line)
        self.intent = nil
        self.activity = .idle
        return [.refuse(token, line)] + self.withdraw(reason) + [.tell(.error(line))]
    }

    mutating func withdraw(_ reason: String) -> [Action] {
        guard let published else { return [] }
        self.published = nil
        return [.withdraw(fingerprint: published, reason: reason)]
    }

    /// Notes when the current token is to be renewed.
    mutating func schedule(at now: Moment) {
        let due = self.life.renewal(at: now.instant)
        self.refreshDue = [due, self.hurriedDue].compactMap(\.self).min()
    }

    /// A wall clock that was set makes the times of day wrong that others have from us: they get right ones.
    mutating func compareClocks(at now: Moment) -> [Action] {
        guard let publishedAt, self.published != nil, self.activity == .idle, var token else { return [] }
        let step = now.step(since: publishedAt)
        guard abs(step / .seconds(1)) >= 5 else { return [] }
        self.publishedAt = now
        self.publishedEnd = self.life.end
        token.expiresAt = self.life.end.map { now.time(of: $0) } ?? token.expiresAt
        token.validatedAt = self.validatedAt.map { now.time(of: $0) } ?? token.validatedAt
        self.token = token
        return [.tell(.clockSet(step)), .note(token), .publish(token)]
    }

    /// The token is dead or rejected: renew it, at once or after a pause.
    mutating func hurry(at now: Moment) {
        // Several services may tell the same.
        guard self.hurriedDue == nil else { return }
        let due = self.rejections.due(at: now.instant, using: &self.generator)
        self.hurriedDue = due
        self.refreshDue = min(self.refreshDue ?? due, due)
    }

    /// Puts the token file back that was removed, or replaced by an older copy of it.
    func restore(_ token: StoredToken, over stale: StoredToken?) -> Action {
        var intent = self.intent
        if case .refreshing(let open) = self.activity { intent = open }
        return .restore((self.memory ?? StoredTokens()).holding(token, intent: intent), over: stale)
    }

    /// `harborlog`, or what else can be said.
    var name: String { self.token?.login.map { "the login of \($0)" } ?? "the login" }
}
