import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

extension UserTokenKeeper {
    mutating func take(_ event: Event, at now: Moment) -> [Action] {
        switch event {
        case .stored(let tokens): return self.take(tokens, at: now)
        case .unreadable(let reason): return self.unreadable(reason)
        case .lock(let state): return self.take(state)
        case .rejected(let fingerprint, let reason): return self.rejected(fingerprint, reason, at: now)
        case .validated(let attempt, let result):
            guard attempt == self.attempt, self.activity == .validating else { return [] }
            self.activity = .idle
            return self.validated(result, at: now)
        case .intentWritten(let attempt, let result):
            guard attempt == self.attempt, self.activity == .writingIntent else { return self.stray(result) }
            self.activity = .idle
            return self.intentWritten(result, at: now)
        case .refreshed(let attempt, let result):
            guard attempt == self.attempt, case .refreshing(let intent) = self.activity else {
                return [.tell(.superseded)]
            }
            self.activity = .idle
            return self.refreshed(result, intent, at: now)
        case .kept(let attempt, let result):
            guard attempt == self.attempt, case .keeping(_, let token) = self.activity else { return [] }
            return self.kept(result, token, at: now)
        case .tick: return []
        case .stop:
            self.isStopping = true
            return []
        }
    }

    // MARK: - Validation

    private mutating func validated(_ result: Result<TokenValidation, OAuthError>, at now: Moment) -> [Action] {
        switch result {
        case .success(let validation):
            var actions = self.recovered()
            if let intent {
                // A refresh revokes the old token: it lives, so the refresh token was not spent.
                self.intent = nil
                self.refreshPausedUntil = now.instant + self.backoff.next(using: &self.generator)
                actions += [.abandon(intent), .tell(.refreshDidNotHappen)]
            }
            return actions + self.accept(validation, at: now)
        case .failure(let error) where error.code == .invalidToken:
            let actions = self.recovered()
            return actions + self.dead(at: now)
        case .failure(let error):
            self.isValidationOverdue = true
            var actions = self.retry(
                .network("cannot ask Twitch: \(error)"),
                "\(error)",
                patience: error.retryAfter,
                at: now
            )
            // What was valid before is good until Twitch can be asked; a token in doubt is not.
            if let token, token.validatedAt != nil, self.intent == nil, self.life.isOn(at: now.instant) {
                actions += self.publish(at: now)
            }
            return actions
        }
    }

    private mutating func accept(_ validation: TokenValidation, at now: Moment) -> [Action] {
        guard var token else { return [] }
        let isFirst = token.validatedAt == nil || self.published == nil
        let login = token.login
        // What the answer leaves out is no news.
        token.clientID = validation.clientID ?? token.clientID
        token.login = validation.login ?? token.login
        token.userID = validation.userID ?? token.userID
        token.scopes = validation.scopes ?? token.scopes
        self.life.confirm(validation.expiresIn, at: now.instant)
        self.validatedAt = now.instant
        token.validatedAt = now.time
        token.expiresAt = self.life.end.map { now.time(of: $0) }
        // Both times by the same clock: the whole life is what lies between them.
        if let end = self.life.end, let span = self.life.span { token.obtainedAt = now.time(of: end - span) }
        self.token = token
        self.isValidationOverdue = false
        self.validateDue = now.instant + self.validateInterval
        self.schedule(at: now)
        var actions: [Action] = [.note(token)]
        if isFirst {
            actions.append(.tell(.valid(token)))
            if token.scopes?.contains("chat:read") == false { actions.append(.tell(.lacksChatRead(token))) }
        }
        // An account that was renamed logs in under its new name, and nobody must believe that the token has ended.
        let isLonger = self.publishedEnd.map { believed in self.life.end.map { $0 - believed > .seconds(60) } ?? true }
        if login != token.login || isLonger == true { self.published = nil }
        actions += self.publish(at: now)
        return actions + self.checkClient()
    }

    private mutating func checkClient() -> [Action] {
        guard self.isForeign, let token, let own = self.client.id, let its = token.clientID else { return [] }
        let line =
            "\(self.name) was made for the application \(its), but TWITCH_CLIENT_ID is \(own): it is used while it "
            + "lives and cannot be renewed; run: collector auth login"
        guard self.obstacle != .client(line) else { return [] }
        self.obstacle = .client(line)
        return [.tell(.error(line))]
    }

    /// Twitch does not know the access token any more.
    private mutating func dead(at now: Moment) -> [Action] {
        self.isValidationOverdue = false
        self.validateDue = nil
        if self.intent != nil {
            guard !self.client.isPublic else {
                return self.end(
                    "the answer to the last renewal of \(self.name) was lost, and its refresh token works only once"
                )
            }
            // The refresh token of a confidential client is not single use. Each try is an intent of its own.
            self.intent = nil
            self.hurriedDue = now.instant
            self.refreshDue = now.instant
            self.refreshPausedUntil = now.instant + self.backoff.next(using: &self.generator)
            return self.withdraw("Twitch does not accept it any more")
        }
        guard self.canRefresh else {
            return self.end("\(self.name) is not valid any more, and cannot be renewed")
        }
        self.hurry(at: now)
        return self.withdraw("Twitch does not accept it any more")
    }

    mutating func publish(at now: Moment) -> [Action] {
        guard let token, self.published != token.accessToken.fingerprint else { return [] }
        self.published = token.accessToken.fingerprint
        self.publishedAt = now
        self.publishedEnd = self.life.end
        return [.publish(token)]
    }

    // MARK: - Refresh

    private mutating func intentWritten(_ result: Result<RefreshIntent?, StorageFailure>, at now: Moment) -> [Action] {
        switch result {
        case .success(let intent?):
            guard !self.isStopping, let token else { return [.abandon(intent)] }
            self.activity = .refreshing(intent)
            return [.refresh(self.attempt, token)]
        case .success(nil): return [.reread]
        case .failure(let failure):
            return self.retry(.disk("\(failure); the login is not renewed until then"), "\(failure)", at: now)
        }
    }

    /// An intent that was written for a token that is gone by now.
    private func stray(_ result: Result<RefreshIntent?, StorageFailure>) -> [Action] {
        if case .success(let intent?) = result { [.abandon(intent)] } else { [] }
    }

    private mutating func refreshed(
        _ result: Result<TokenGrant, OAuthError>,
        _ intent: RefreshIntent,
        at now: Moment
    ) -> [Action] {
        guard let token else { return [] }
        switch result {
        case .success(let grant):
            var new = token
            new.accessToken = grant.accessToken
            new.refreshToken = grant.refreshToken ?? token.refreshToken
            new.clientID = self.client.id ?? token.clientID
            if !grant.scopes.isEmpty { new.scopes = grant.scopes }
            new.obtainedAt = now.time
            self.life = TokenLife(grant.expiresIn, from: now.instant)
            self.validatedAt = nil
            new.expiresAt = self.life.end.map { now.time(of: $0) }
            self.activity = .keeping(intent, new)
            return [.keep(self.attempt, intent, new)]
        case .failure(let error) where error.isAmbiguous:
            self.intent = intent
            let reason = "cannot renew \(self.name): \(error)"
            _ = self.retry(.network(reason), reason, patience: error.retryAfter, at: now)
            return [.tell(.answerLost("\(error)"))]
        case .failure(let error) where error.code == .refused || error.code == .invalidToken:
            return self.end("Twitch refused to renew \(self.name): \(error)")
        case .failure(let error) where error.isPermanent:
            let line = "\(error); check TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET, and start again"
            self.refreshPausedUntil = now.instant + .seconds(3600)
            let isNew = self.obstacle != .client(line)
            self.obstacle = .client(line)
            return [.abandon(intent)] + (isNew ? [.tell(.error(line))] : [])
        case .failure(let error):
            let reason = "cannot renew \(self.name): \(error)"
            return [.abandon(intent)] + self.retry(.network(reason), reason, patience: error.retryAfter, at: now)
        }
    }

    private mutating func kept(
        _ result: Result<Bool, StorageFailure>,
        _ token: StoredToken,
        at now: Moment
    ) -> [Action] {
        switch result {
        case .success(true):
            self.activity = .idle
            if let old = self.token?.refreshToken, old != token.refreshToken {
                self.exchanged = self.exchanged.suffix(255) + [old.fingerprint]
            }
            self.token = token
            self.pace.renewed(at: now.instant)
            self.refreshPausedUntil = nil
            self.hurriedDue = nil
            if case .client = self.obstacle { self.obstacle = nil }
            let actions = self.recovered()
            self.schedule(at: now)
            // Without a life span or a login there is something to ask.
            if token.expiresAt == nil || token.login == nil { self.validateDue = now.instant }
            if self.validateDue == nil { self.validateDue = now.instant }
            return actions + [.tell(.refreshed(token))] + self.publish(at: now)
        case .success(false):
            self.activity = .idle
            return [.tell(.superseded), .reread]
        case .failure(let failure):
            let reason = "the renewed login cannot be stored: \(failure)"
            return self.retry(.disk(reason), reason, at: now)
        }
    }
}
