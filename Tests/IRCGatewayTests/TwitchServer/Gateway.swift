import Logging
import Protocol
import ServiceLifecycle
import Synchronization
import TestSupport
import TwitchChat

@testable import irc_gateway

/// A gateway without a journal: what it would publish is kept in order.
final class Gateway: Sendable {
    let collection: ChatCollection
    let context: ReaderContext
    private let published: Published

    /// What was published, in order, and the valve that a full journal closes.
    final class Published: Sendable {
        struct State {
            var envelopes: [Envelope] = []
            var isFull = false
        }
        let state = Mutex(State())

        func publish(_ drafts: [EventDraft]) async throws {
            while state.withLock({ $0.isFull }) { try await Task.sleep(for: .milliseconds(10)) }
            let envelopes = try drafts.map { draft in
                let frame = EventFrame.encode(
                    draft,
                    service: "irc-gateway",
                    producer: "gw-test",
                    partition: Partition.of(draft.subject),
                    offset: Offset(rawValue: 1),
                    previous: .zero
                )
                let json = frame.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
                return try EventCodec.decode(json)
            }
            state.withLock { $0.envelopes += envelopes }
        }
    }

    struct Settings: Sendable {
        var capacity = 90
        var joinLimit = 20
        var joinWindow = Duration.milliseconds(11_000)
        var credentials: any CredentialsSource = AnonymousCredentials()
        var timing = IRCSession.Timing()
        var joinPolicy = JoinPolicy()
        var trustRoots: String?
        var clock = SteadyClock()
        var live = LiveChannels()
    }

    init(_ url: String, _ channels: [String], in directory: String, _ settings: Settings = .init()) throws {
        var logger = Logger(label: "gateway")
        logger.logLevel = .critical
        let published = Published()
        self.published = published
        let endpoint = try WebSocketEndpoint(url)
        let metrics = GatewayMetrics()
        let publish: EventSink = { try await published.publish($0) }
        let clock = settings.clock
        let context = ReaderContext(
            connection: ConnectionContext(
                endpoint: endpoint,
                client: try WebSocketClient(endpoint, trustRoots: settings.trustRoots, timeout: .seconds(20)),
                sessionTiming: settings.timing,
                joinPolicy: settings.joinPolicy,
                tick: .milliseconds(20),
                intake: ChatIntake(metrics: metrics, logger: logger),
                record: CollectionRecord(
                    gateway: "gw-test",
                    directory: directory,
                    clock: clock,
                    logger: logger,
                    publish: publish
                ),
                metrics: metrics,
                outages: OutageLog(logger: logger),
                live: settings.live,
                clock: clock,
                publish: publish
            ),
            credentials: settings.credentials,
            permits: JoinPermitOffice(limit: settings.joinLimit, window: settings.joinWindow),
            backoff: ReconnectBackoff.Policy(first: .milliseconds(10), longest: .milliseconds(100)),
            pacer: ConnectPacer(spacing: .milliseconds(1))
        )
        context.connection.demand.want(channels)
        collection = ChatCollection(
            capacity: settings.capacity,
            context: context,
            logger: logger
        ) { _, _ in }
        self.context = context
    }

    /// Other channels are wanted from now on.
    func collect(_ logins: [String], elsewhere: Set<String> = []) {
        context.connection.demand.want(logins, elsewhere: elsewhere)
    }

    var envelopes: [Envelope] { published.state.withLock { $0.envelopes } }
    /// The ids of all chat messages, in order of publication.
    var messageIDs: [String] {
        envelopes.compactMap { if case .chatMessage(let message) = $0.event { message.messageID } else { nil } }
    }
    var starts: [CollectionStarted] {
        envelopes.compactMap { if case .collectionStarted(let start) = $0.event { start } else { nil } }
    }
    var stops: [CollectionStopped] {
        envelopes.compactMap { if case .collectionStopped(let stop) = $0.event { stop } else { nil } }
    }

    var rejections: [TokenRejected] {
        envelopes.compactMap { if case .tokenRejected(let rejection) = $0.event { rejection } else { nil } }
    }

    /// The journal takes nothing until `drain`.
    func fill() { published.state.withLock { $0.isFull = true } }
    func drain() { published.state.withLock { $0.isFull = false } }

    /// Runs the gateway beside `body`, then stops it gracefully.
    func running(_ body: () async throws -> Void) async throws {
        let logger = Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: collection,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup,
                        serviceName: "collection"
                    )
                ],
                logger: logger
            )
        )
        async let running: Void = group.run()
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            try? await running
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running
    }
}
