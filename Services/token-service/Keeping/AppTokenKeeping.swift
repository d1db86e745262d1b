import Protocol
import ServiceLifecycle
import ServiceRuntime
import TokenStore

/// Does what ``AppTokenKeeper`` decides. The token lives in memory only: another one can be had at any time.
final class AppTokenKeeping: Service, Sendable {
    private let context: UserTokenKeeping.Context
    private let box = EventBox<AppTokenKeeper.Event>()

    init(_ context: UserTokenKeeping.Context) { self.context = context }

    /// A service tells that Twitch refused a token.
    func reject(fingerprint: String, reason: String) {
        self.box.send(.rejected(fingerprint: fingerprint, reason: reason))
    }

    /// Keeps an app access token until graceful shutdown.
    func run() async {
        var keeper = AppTokenKeeper(validateInterval: self.context.validateInterval)
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tick() }
            group.addTask {
                try? await gracefulShutdown()
                self.box.send(.stop)
            }
            for await event in self.box.events {
                let now = Moment.now
                for action in keeper.handle(event, at: now) { await self.perform(action, at: now, &group) }
                self.context.report.show(keeper.held, at: now)
                self.context.report.count(event)
                self.context.health.report("app_token", reason: keeper.obstacle(at: now))
                if keeper.isSettled { self.context.gate.isKnown("app") }
                if keeper.isStopped { break }
            }
            group.cancelAll()
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            self.box.send(.tick)
            do { try await Task.sleep(for: self.context.tick) } catch { return }
        }
    }

    private func perform(_ action: AppTokenKeeper.Action, at now: Moment, _ group: inout DiscardingTaskGroup) async {
        let box = self.box
        let oauth = self.context.oauth
        switch action {
        case .obtain:
            group.addTask { await box.send(.obtained(oauth.clientCredentials())) }
        case .validate(let token):
            group.addTask { await box.send(.validated(oauth.validate(token))) }
        case .publish(let held):
            self.context.board.issue(
                TokenIssued(
                    kind: "app",
                    accessToken: held.token.reveal(),
                    clientID: oauth.clientID ?? "",
                    expiresAt: held.expires.map { now.time(of: $0) },
                    version: await self.context.versions.next(at: now.time)
                )
            )
        case .withdraw(let fingerprint, let reason):
            self.context.board.withdraw(kind: "app", fingerprint: fingerprint, reason: reason)
        case .tell(let notice):
            self.context.report.tell(notice)
        }
    }
}
