import EventBus
import Logging
import Protocol

/// A gateway or poller that tells of rejected tokens, with its own publisher as in its process.
struct Rejecter {
    private let publisher: EventPublisher

    init(_ service: String, _ prefix: String, _ stateDirectory: String) throws {
        self.publisher = try EventPublisher(
            EventPublisher.Configuration(service: service, prefix: prefix, stateDirectory: stateDirectory),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    func running(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [publisher] in try await publisher.run() }
            try await body()
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }

    func reject(_ fingerprint: String) async throws {
        let rejected = TokenRejected(
            kind: "user",
            fingerprint: fingerprint,
            reason: "Login authentication failed",
            rejectedAt: WallClock.system.now()
        )
        try await self.publisher.publish([
            EventDraft(
                domain: .token,
                subject: "_",
                time: rejected.rejectedAt,
                event: .tokenRejected(rejected)
            )
        ])
    }
}
