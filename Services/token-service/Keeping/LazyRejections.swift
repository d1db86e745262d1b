import EventBus
import Logging
import Protocol
import ServiceLifecycle

/// Hears rejections. It is made when it runs, so that making the service cannot fail with an HTTP client open.
struct LazyRejections: Service {
    let configuration: TokenServiceConfiguration
    let security: BusSecurity?
    let logger: Logger
    let onRejection: @Sendable (TokenRejected) -> Void

    func run() async throws {
        let follower = try RejectionFollower(
            endpoints: self.configuration.gateways,
            pollers: self.configuration.pollers,
            security: self.security,
            allowsPlaintext: self.configuration.allowsPlaintext,
            logger: self.logger,
            onRejection: self.onRejection
        )
        try await follower.run()
    }
}
