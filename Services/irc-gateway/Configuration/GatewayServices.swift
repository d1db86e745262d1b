import BusSettings
import EventBus
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime

/// Puts the parts of the gateway together.
enum GatewayServices {
    /// The services in the order of their start: what publishes stops last.
    static func make(_ configuration: GatewayConfiguration, _ runtime: ServiceRuntime) throws -> [any Service] {
        let client = try configuration.client()
        let trouble = JournalTrouble()
        let stateDirectory = try runtime.settings.stateDirectory()
        var settings = configuration.producer.publisher(prefix: "gw", stateDirectory: stateDirectory)
        settings.onJournalTrouble = { trouble.report($0) }
        let publisher = try EventPublisher(settings, logger: runtime.logger)
        let metrics = GatewayMetrics()
        let account = try AccountServices(configuration, stateDirectory: stateDirectory, metrics, runtime.logger)
        let intake = ChatIntake(metrics: metrics, logger: runtime.logger)
        let backfill = BackfillServices(configuration, publisher, trouble, intake, runtime.logger)
        let collection = collection(
            configuration,
            client,
            publisher,
            trouble,
            account,
            intake,
            backfill.book,
            metrics,
            runtime
        )
        let channels = try ChannelFollower(
            configuration.channels,
            asking: configuration.pollers(stateDirectory: stateDirectory),
            publisher: publisher,
            health: runtime.health,
            logger: runtime.logger
        ) {
            collection.collect($0)
        }
        collection.collect(channels.logins)
        let watcher = try ChannelListWatcher(
            settings: runtime.settings,
            initial: configuration.channels,
            logger: runtime.logger
        ) { list in
            channels.want(list)
        }
        let abandoned = AbandonedSessions(
            stateDirectory: stateDirectory,
            service: settings.service,
            clock: .system,
            logger: runtime.logger,
            isDurable: { !trouble.isThere },
            publish: { try await publisher.publish($0) }
        )
        return [publisher] + account.services { try await publisher.publish($0) }
            + backfill.services + [collection, channels, watcher, abandoned]
    }

    private static func collection(
        _ configuration: GatewayConfiguration,
        _ client: WebSocketClient,
        _ publisher: EventPublisher,
        _ trouble: JournalTrouble,
        _ account: AccountServices,
        _ intake: ChatIntake,
        _ holes: HoleBook?,
        _ metrics: GatewayMetrics,
        _ runtime: ServiceRuntime
    ) -> ChatCollection {
        let logger = runtime.logger
        let health = runtime.health
        let publish: EventSink = { try await publisher.publish($0) }
        let record = CollectionRecord(
            gateway: publisher.producer,
            directory: publisher.slotDirectory,
            clock: .system,
            logger: logger,
            lastAccepted: publisher.lastAcceptedBefore,
            isDurable: { !trouble.isThere },
            isCommitted: { publisher.queuedEvents == 0 },
            holes: holes,
            publish: publish
        )
        let context = ReaderContext(
            connection: ConnectionContext(
                endpoint: configuration.endpoint,
                client: client,
                intake: intake,
                record: record,
                metrics: metrics,
                outages: OutageLog(logger: logger),
                holes: holes,
                publish: publish
            ),
            credentials: account.credentials,
            permits: JoinPermitOffice(limit: configuration.joinLimit, window: .milliseconds(11_000)),
            pacer: ConnectPacer(spacing: configuration.connectInterval)
        )
        health.report("irc", reason: "connecting to Twitch chat")
        return ChatCollection(
            channels: configuration.channels.logins,
            capacity: configuration.channelsPerConnection,
            context: context,
            logger: logger
        ) { progress, outage in
            metrics.show(progress)
            health.report("irc", reason: progress.obstacle(outage: outage))
            health.report("login", reason: nil, detail: progress.identity(obstacle: account.obstacle))
            health.report("journal", reason: trouble.obstacle(waiting: publisher.queuedEvents))
        }
    }
}
