import AsyncHTTPClient
import BusSettings
import EventBus
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime
import TwitchAPI

/// Puts the parts of the poller together.
enum PollerServices {
    /// The services in the order of their start: what publishes stops last.
    static func make(_ configuration: PollerConfiguration, _ runtime: ServiceRuntime) throws -> [any Service] {
        let logger = runtime.logger
        let metrics = PollerMetrics()
        let report = PollReport(metrics: metrics, health: runtime.health, logger: logger)
        var settings = configuration.producer.publisher(
            prefix: "sp",
            stateDirectory: try runtime.settings.stateDirectory()
        )
        settings.onJournalTrouble = { report.journal($0) }
        settings.onForeignArchive = { [health = runtime.health] in health.report("archive", reason: $0) }
        let publisher = try EventPublisher(settings, logger: logger)
        if !publisher.slotDirectory.hasSuffix("/slot-0") {
            logger.warning(
                "Another stream-poller runs with this STATE_DIR; both tell the same streams. Stop one of them",
                metadata: [PollerLogKey.file: "\(publisher.slotDirectory)"]
            )
        }
        let tokens = FollowedTokens(logger: logger) { rejection in
            // A stopped publisher tells nobody; the token-service validates by itself, too.
            try? await publisher.publish([rejection])
        }
        let http = HelixConnection()
        let polling = StreamPolling(
            channels: configuration.channels,
            plan: configuration.plan,
            helix: HelixClient(http: http.client, baseURL: configuration.endpoint, tokens: tokens) {
                metrics.requested($0)
            },
            publisher: publisher,
            tokens: { tokens.presence },
            report: report,
            logger: logger
        )
        let follower = try TokenFollower(
            .init(endpoints: configuration.tokenEndpoints, security: configuration.producer.security),
            logger: logger
        ) { kind, token in
            tokens.changed(kind, token)
            polling.bell.ring()
        }
        let watcher = try ChannelListWatcher(runtime, initial: configuration.channels) { list in
            polling.collect(list)
        }
        return [http, publisher, follower, polling, watcher]
    }
}
