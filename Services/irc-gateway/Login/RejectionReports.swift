import Logging
import Protocol
import ServiceLifecycle

/// Publishes `token.rejected` again while nobody has acted upon it.
struct RejectionReports: Service {
    var account: AccountCredentials
    var publish: EventSink
    var interval = Duration.seconds(1)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if let rejection = account.dueReminder(at: .now) { try await publish([EventDraft(rejection)]) }
                try? await Task.sleep(for: interval)
            }
        }
    }
}

extension EventDraft {
    /// As token-service expects it: belongs to no channel.
    init(_ rejection: TokenRejected) {
        self.init(domain: .token, subject: "_", time: rejection.rejectedAt, event: .tokenRejected(rejection))
    }
}
