import Metrics
import Protocol
import TokenStore
import TwitchAPI

extension TokenReport {
    /// Shows the token that services have; nil when they have none.
    func show(_ token: StoredToken?, validatedAt: Timestamp?) {
        self.user.isPublished.record(token == nil ? 0 : 1)
        self.user.expiresAt.record(Self.seconds(token?.expiresAt))
        self.user.issuedAt.record(Self.seconds(token?.obtainedAt))
        self.user.validatedAt.record(Self.seconds(validatedAt))
    }

    func show(_ held: AppTokenKeeper.Held?, at now: Moment) {
        self.app.isPublished.record(held == nil ? 0 : 1)
        self.app.expiresAt.record(Self.seconds(held?.expires.map { now.time(of: $0) }))
        self.app.issuedAt.record(Self.seconds(held.map { now.time(of: $0.obtained) }))
    }

    func count(_ event: UserTokenKeeper.Event) {
        switch event {
        case .validated(_, let result): self.user.validated(Self.label(result))
        case .refreshed(_, let result): self.user.refreshed(Self.label(result))
        case .rejected: self.user.rejections.increment()
        case .stored, .unreadable, .lock, .intentWritten, .kept, .tick, .stop: break
        }
    }

    func count(_ event: AppTokenKeeper.Event) {
        switch event {
        case .validated(let result): self.app.validated(Self.label(result))
        case .obtained(let result): self.app.refreshed(Self.label(result))
        case .rejected: self.app.rejections.increment()
        case .tick, .stop: break
        }
    }

    private static func label(_ result: Result<some Any, OAuthError>) -> String {
        guard case .failure(let error) = result else { return "ok" }
        return error.isAmbiguous ? "lost" : error.code.rawValue
    }

    private static func seconds(_ time: Timestamp?) -> Double { Double(time?.rawValue ?? 0) / 1000 }
}
