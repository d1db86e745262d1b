import EventBus
import Logging
import Protocol
import ServiceRuntime
import Synchronization
import TwitchAPI

/// Tells operators how polling goes: metrics, health, and one log line for each change.
final class PollReport: Sendable {
    private struct State {
        var trouble: String?
        var hasUnreadable = false
        var hasAskedForToken = false
    }

    private let metrics: PollerMetrics
    private let health: Health
    private let logger: Logger
    private let state = Mutex(State())

    init(metrics: PollerMetrics, health: Health, logger: Logger) {
        self.metrics = metrics
        self.health = health
        self.logger = logger
    }

    func published(_ drafts: [EventDraft]) { metrics.count(drafts) }

    /// The journal can or cannot be written.
    func journal(_ reason: String?) { health.report("journal", reason: reason) }

    /// Without a token nothing can be asked, which is no fault: said once, and the service stays ready.
    func waitsForToken(_ presence: TokenPresence) {
        let isRefused = presence == .refused
        health.report(
            "helix",
            reason: isRefused ? "Twitch refused the access token; waiting for another" : nil,
            detail: isRefused ? nil : "streams are not watched: there is no access token for Twitch's API"
        )
        guard !isRefused else { return }
        let isNews = state.withLock { state in
            defer { state.hasAskedForToken = true }
            return !state.hasAskedForToken
        }
        guard isNews else { return }
        logger.notice(
            """
            Streams are not watched: there is no access token for Twitch's API. Set TWITCH_CLIENT_ID and \
            TWITCH_CLIENT_SECRET for the token-service, or log in with: collector auth login. It begins by itself then.
            """
        )
    }

    func polled(_ outcome: PollOutcome, _ watch: Watch, took duration: Duration, at now: Timestamp) {
        metrics.polled(outcome.result, took: duration)
        metrics.show(watch)
        if outcome.result != .failed { metrics.answered(at: now) }
        let trouble = outcome.trouble
        health.report("helix", reason: outcome.result == .failed ? trouble : nil)
        noteUnreadable(outcome.unreadable)
        let before = state.withLock { state in
            defer {
                state.trouble = trouble
                state.hasAskedForToken = false
            }
            return state.trouble
        }
        if let trouble, trouble != before {
            logger.warning(
                "Twitch's API did not answer for some channels; what was known of them stays",
                metadata: [PollerLogKey.reason: "\(trouble)", PollerLogKey.channels: "\(outcome.unanswered)"]
            )
        } else if trouble == nil, before != nil {
            logger.notice("Twitch's API answers for all channels again")
        }
    }

    /// One line when it begins, one when it is over.
    private func noteUnreadable(_ count: Int) {
        let isNews = state.withLock { state in
            defer { state.hasUnreadable = count > 0 }
            return state.hasUnreadable != (count > 0)
        }
        guard isNews else { return }
        if count > 0 {
            logger.warning(
                "Twitch's API tells something that cannot be read; what was known of it stays",
                metadata: [PollerLogKey.count: "\(count)"]
            )
        } else {
            logger.notice("Twitch's API tells nothing more that cannot be read")
        }
    }
}
