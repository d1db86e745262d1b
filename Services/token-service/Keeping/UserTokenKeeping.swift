import Protocol
import ServiceLifecycle
import ServiceRuntime
import TokenStore
import TwitchAPI

/// Does what ``UserTokenKeeper`` decides: asks Twitch, changes the token file, offers tokens.
final class UserTokenKeeping: Service, Sendable {
    /// What it works with.
    struct Context: Sendable {
        var oauth: OAuthConnection
        var disk: TokenDisk
        /// Held while this process may refresh.
        var lock: ProcessLock
        var board: any TokenBoard
        var versions: TokenVersions
        var gate: OpeningGate
        var health: Health
        var report: TokenReport
        var validateInterval: Duration = .seconds(3600)
        /// `TOKEN_WRITE_ENV`: the predecessor's file, kept fresh.
        var environmentTokens: EnvironmentTokens?
        /// Between two looks at the file and the clock.
        var tick: Duration = .seconds(1)
        var crashPoint: CrashPoint?
    }

    private let context: Context
    private let box = EventBox<UserTokenKeeper.Event>()

    init(_ context: Context) { self.context = context }

    /// A service tells that Twitch refused a token.
    func reject(fingerprint: String, reason: String) {
        self.box.send(.rejected(fingerprint: fingerprint, reason: reason))
    }

    /// Keeps the token until graceful shutdown. A refresh that is under way then is finished.
    func run() async {
        let client = UserTokenKeeper.Client(id: self.context.oauth.clientID, isPublic: self.context.oauth.isPublic)
        var keeper = UserTokenKeeper(client: client, validateInterval: self.context.validateInterval)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watch() }
            group.addTask {
                try? await gracefulShutdown()
                self.box.send(.stop)
            }
            for await event in self.box.events {
                let now = Moment.now
                for action in keeper.handle(event, at: now) { await self.perform(action, at: now, &group) }
                self.show(keeper, after: event)
                if keeper.isStopping, keeper.isQuiet { break }
            }
            group.cancelAll()
        }
    }

    /// Looks at the file and at the clock.
    private func watch() async {
        var watch = TokenFileWatch(self.context.disk.file)
        while !Task.isCancelled {
            await self.checkLock()
            if watch.hasChanged() {
                let (event, isReadable) = await self.look()
                if !isReadable { watch.forget() }
                self.box.send(event)
            } else {
                self.box.send(.tick)
            }
            do { try await Task.sleep(for: self.context.tick) } catch { return }
        }
    }

    private func checkLock() async {
        let lock = self.context.lock
        guard case .success(let state) = await self.context.disk.run({ lock.check() }) else { return }
        self.box.send(.lock(state))
    }

    private func look() async -> (event: UserTokenKeeper.Event, isReadable: Bool) {
        switch await self.context.disk.read() {
        case .success(let tokens): (.stored(tokens), true)
        case .failure(let failure): (.unreadable("\(failure)"), false)
        }
    }

    private func show(_ keeper: UserTokenKeeper, after event: UserTokenKeeper.Event) {
        self.context.report.show(keeper.published == nil ? nil : keeper.token, validatedAt: keeper.token?.validatedAt)
        self.context.health.report("user_token", reason: keeper.obstacle(at: .now))
        if keeper.isSettled { self.context.gate.isKnown("user") }
        self.context.report.count(event)
    }

    private func perform(
        _ action: UserTokenKeeper.Action,
        at now: Moment,
        _ group: inout DiscardingTaskGroup
    ) async {
        let box = self.box
        let oauth = self.context.oauth
        let crashPoint = self.context.crashPoint
        switch action {
        case .validate(let attempt, let token):
            group.addTask { await box.send(.validated(attempt, oauth.validate(token))) }
        case .refresh(let attempt, let token):
            CrashPoint.beforeRequest.reached(crashPoint)
            group.addTask {
                let result = await oauth.refresh(token)
                if case .success = result { CrashPoint.afterAnswer.reached(crashPoint) }
                box.send(.refreshed(attempt, result))
            }
        case .writeIntent(let attempt, let token):
            let lock = self.context.lock
            let result = await self.context.disk.update { tokens in
                // The moment before a refresh token is spent is the one that counts.
                if case .lost(let reason) = lock.check() { throw ServiceFailure(.unavailable, reason) }
                return tokens.beginRefresh(of: token, at: now.time)
            }
            box.send(.intentWritten(attempt, result))
        case .keep(let attempt, let intent, let token):
            let result = await self.context.disk.update { step in
                switch step {
                case .staged: CrashPoint.beforeRename.reached(crashPoint)
                case .committed: CrashPoint.afterRename.reached(crashPoint)
                }
            } _: {
                $0.completeRefresh(intent, with: token)
            }
            box.send(.kept(attempt, result))
        case .abandon(let intent):
            await self.change { $0.abandonRefresh(intent) }
        case .note(let token):
            await self.change { $0.note(token) }
        case .refuse(let token, let reason):
            await self.change { $0.refuse(token, because: reason, at: now.time) }
        case .publish(let token):
            await self.publish(token, at: now)
        case .withdraw(let fingerprint, let reason):
            self.context.board.withdraw(kind: "user", fingerprint: fingerprint, reason: reason)
        case .restore(let tokens, let stale):
            switch await self.context.disk.update({ $0.putBack(tokens, over: stale) }) {
            case .success(true): self.context.report.tell(UserTokenKeeper.Notice.fileRestored)
            case .success(false): break
            case .failure(let failure): box.send(.unreadable("\(failure)"))
            }
        case .reread:
            await box.send(self.look().event)
        case .tell(let notice):
            self.context.report.tell(notice)
        }
    }

    /// A change that matters less than going on.
    private func change(_ change: @escaping @Sendable (inout StoredTokens) -> Bool) async {
        if case .failure(let failure) = await self.context.disk.update(change) {
            self.context.report.tell(UserTokenKeeper.Notice.trouble("\(failure)"))
        }
    }

    private func publish(_ token: StoredToken, at now: Moment) async {
        self.context.board.issue(
            TokenIssued(
                kind: "user",
                accessToken: token.accessToken.reveal(),
                login: token.login,
                userID: token.userID,
                clientID: token.clientID ?? self.context.oauth.clientID ?? "",
                scopes: token.scopes ?? [],
                expiresAt: token.expiresAt,
                version: await self.context.versions.next(at: now.time)
            )
        )
        guard let environmentTokens = self.context.environmentTokens else { return }
        let result = await self.context.disk.run {
            try environmentTokens.write(access: token.accessToken, refresh: token.refreshToken)
        }
        if case .failure(let failure) = result {
            self.context.report.tell(UserTokenKeeper.Notice.trouble("TOKEN_WRITE_ENV: \(failure)"))
        }
    }
}
