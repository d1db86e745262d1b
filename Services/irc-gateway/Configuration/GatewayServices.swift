import BusSettings
import EventBus
import Logging
import Metrics
import Protocol
import ServiceLifecycle
import ServiceRuntime
import TwitchChat

/// Puts the parts of the gateway together.
struct GatewayServices {
    private let configuration: GatewayConfiguration
    private let runtime: ServiceRuntime
    private let stateDirectory: String
    private let client: WebSocketClient
    private let publisher: EventPublisher
    private let trouble = JournalTrouble()
    private let metrics = GatewayMetrics()
    private let demand = ChannelDemand()
    private let clock = SteadyClock()
    private let permits: JoinPermitOffice

    /// The services in the order of their start: what publishes stops last.
    static func make(_ configuration: GatewayConfiguration, _ runtime: ServiceRuntime) throws -> [any Service] {
        try GatewayServices(configuration, runtime).services()
    }

    private init(_ configuration: GatewayConfiguration, _ runtime: ServiceRuntime) throws {
        self.configuration = configuration
        self.runtime = runtime
        let complaints = Complaints(logger: runtime.logger)
        let malformed = metrics.malformed
        client = try configuration.server.client { omission in
            malformed.increment()
            complaints.omitted(omission)
        }
        stateDirectory = try runtime.settings.stateDirectory()
        permits = JoinPermitOffice(limit: configuration.joinLimit, window: .milliseconds(11_000))
        var settings = configuration.producer.publisher(prefix: "gw", stateDirectory: stateDirectory)
        settings.onJournalTrouble = { [trouble] in trouble.report($0) }
        settings.onForeignArchive = { [health = runtime.health] in health.report("archive", reason: $0) }
        publisher = try EventPublisher(settings, logger: runtime.logger)
    }

    private var publish: EventSink { { [publisher] in try await publisher.publish($0) } }
    private var isDurable: @Sendable () -> Bool { { [trouble] in !trouble.isThere } }

    private func services() throws -> [any Service] {
        let account = try AccountServices(configuration, stateDirectory: stateDirectory, metrics, runtime.logger)
        let intake = ChatIntake(metrics: metrics, logger: runtime.logger)
        let backfill = BackfillServices(configuration, publisher, trouble, intake, runtime.logger)
        let sharing = try sharing(account)
        let collection = collection(account, sharing, intake, backfill.book)
        let pollers = try configuration.pollers(stateDirectory: stateDirectory)
        let channels = try ChannelFollower(
            configuration.channels,
            asking: pollers,
            publisher: publisher,
            health: runtime.health,
            logger: runtime.logger,
            appeared: { [live = collection.live] in live.appeared($0, at: .now) },
            apply: { sharing.want($0) }
        )
        sharing.want(channels.logins)
        // Before anything is read: who is here already keeps its channels.
        sharing.meet()
        let watcher = try ChannelListWatcher(runtime, initial: configuration.channels) { list in
            channels.want(list)
        }
        let live = LiveChannelWatch(
            query: try StateQuery(pollers),
            channels: collection.live,
            metrics: metrics,
            logger: runtime.logger,
            // What another gateway reads is not ours to be heard.
            wanted: { [demand] in demand.current.logins }
        )
        let abandoned = AbandonedSessions(
            stateDirectory: stateDirectory,
            service: "irc-gateway",
            clock: clock,
            logger: runtime.logger,
            isDurable: isDurable,
            publish: publish
        )
        return [publisher] + account.services(publishing: publish) + backfill.services
            + [collection, channels, live, watcher, abandoned, sharing]
    }

    private func sharing(_ account: AccountServices) throws -> GatewaySharing {
        let seats = AccountUse.seats(channelsPerReader: configuration.channelsPerConnection)
        return try GatewaySharing(
            configuration.sharing,
            producer: publisher.producer,
            slotDirectory: publisher.slotDirectory,
            logger: runtime.logger
        ) { [demand, permits, metrics, health = runtime.health] share, place in
            demand.want(share.logins, elsewhere: share.elsewhere)
            account.take(place)
            permits.divide(among: min(place.count, seats))
            metrics.show(share, members: place.count)
            health.report("sharing", reason: nil, detail: share.summary(members: place.count))
        }
    }

    private func collection(
        _ account: AccountServices,
        _ sharing: GatewaySharing,
        _ intake: ChatIntake,
        _ holes: HoleBook?
    ) -> ChatCollection {
        let record = CollectionRecord(
            gateway: publisher.producer,
            directory: publisher.slotDirectory,
            clock: clock,
            logger: runtime.logger,
            lastAccepted: publisher.lastAcceptedBefore,
            isDurable: isDurable,
            isCommitted: { [publisher] in publisher.queuedEvents == 0 },
            holes: holes,
            publish: publish
        )
        let context = ReaderContext(
            connection: ConnectionContext(
                endpoint: configuration.server.endpoint,
                client: client,
                intake: intake,
                record: record,
                metrics: metrics,
                outages: OutageLog(logger: runtime.logger),
                demand: demand,
                holes: holes,
                clock: clock,
                publish: publish
            ),
            credentials: account.credentials,
            permits: permits,
            pacer: ConnectPacer(spacing: configuration.connectInterval)
        )
        runtime.health.report("irc", reason: "connecting to Twitch chat")
        return ChatCollection(
            capacity: configuration.channelsPerConnection,
            context: context,
            logger: runtime.logger
        ) { [metrics, trouble, publisher, health = runtime.health] progress, outage in
            metrics.show(progress)
            sharing.listens(to: progress.joinedLogins)
            health.report("irc", reason: progress.obstacle(outage: outage, isSpare: sharing.share.isSpare))
            health.report("login", reason: nil, detail: progress.identity(obstacle: account.obstacle))
            health.report("journal", reason: trouble.obstacle(waiting: publisher.queuedEvents))
        }
    }
}
