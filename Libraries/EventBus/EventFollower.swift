package import Logging
package import Protocol
import ServiceLifecycle
import ZeroMQ

/// Follows producers: live where nothing is missing, from their journals where something is.
///
/// The consumer pulls. While it does not, the follower's own bounded queue fills, then libzmq's, then live events are
/// dropped and fetched from the journal later: memory stays flat.
package final class EventFollower: Service, Sendable {
    package struct Configuration: Sendable {
        /// What to do about events that live delivery lost.
        package enum Recovery: Sendable {
            /// Fetch them from the journal: nothing is skipped.
            case fetch
            /// Tell the consumer with `BusEvent.missed` and go on.
            case report
        }

        /// Event endpoints as in `IRC_GATEWAY_BUS`: `tcp://host:port` or `ipc://path`, where an ipc path may hold `*`.
        package var endpoints: [String]
        /// The follower's group, such as `writer`; taps have none and never acknowledge.
        package var group: String?
        /// Whether the group's database takes the place of the one that journals were kept for: a person's decision.
        package var replacesArchive = false
        package var recovery: Recovery
        /// Topic prefixes, such as `chat.`; each ends with the dot.
        package var topics: [String]
        /// How many events may wait for the consumer.
        package var queueLimit: Int
        /// How many bytes of events may wait for the consumer.
        package var queueBytes = 16 << 20
        /// How many events libzmq may hold for each producer while they are not read.
        package var receiveHighWaterMark: Int32 = 8192
        /// Own key and the producers': with it tcp endpoints are encrypted, ipc never are.
        package var security: BusSecurity?
        /// `BUS_ALLOW_PLAINTEXT`: tcp endpoints are plain text even where there are keys.
        package var allowsPlaintext = false
        /// The service that an endpoint must be, and whose key it must own over tcp. Where none is named any service may
        /// speak, with the key of `irc-gateway`.
        package var services: [String: String] = [:]
        /// How far a producer's clock may be ahead of this machine's: an epoch beyond that is refused.
        package var epochSlack: Duration = .seconds(86_400)
        /// Tells how great an epoch may be.
        package var clock = WallClock.system
        var timing = FollowerTiming()

        package init(
            endpoints: [String],
            group: String? = nil,
            recovery: Recovery = .fetch,
            topics: [String] = ["chat.", "stream."],
            queueLimit: Int = 8192,
            security: BusSecurity? = nil
        ) {
            self.endpoints = endpoints
            self.group = group
            self.recovery = recovery
            self.topics = topics
            self.queueLimit = queueLimit
            self.security = security
        }

        /// Adds the endpoints of one service, such as those of `STREAM_POLLER_BUS`.
        package mutating func follow(_ endpoints: [String], of service: String) {
            self.endpoints += endpoints
            for endpoint in endpoints { services[endpoint] = service }
        }

        /// The endpoints, each with the key that it must own if it is to be encrypted.
        /// - Throws: `BusAddressError` where it may not be plain text, or `BusSecurityError` where such a key is missing.
        func patterns() throws -> [EndpointPattern] {
            let keys = allowsPlaintext ? nil : security
            return try endpoints.map { text in
                let service = services[text] ?? "irc-gateway"
                let pattern = try EndpointPattern(
                    text,
                    keyName: keys == nil ? nil : service,
                    service: services[text]
                )
                if pattern.address.keyName != nil { _ = try keys?.client(of: service) }
                if isPlainTCP(pattern), !allowsPlaintext, !pattern.address.isLocal {
                    throw BusAddressError(text, Self.refusal)
                }
                return pattern
            }
        }

        /// Whether anybody who gets hold of the address could speak there.
        func isPlainTCP(_ pattern: EndpointPattern) -> Bool {
            if case .tcp = pattern.address.transport { pattern.address.keyName == nil } else { false }
        }

        private static let refusal =
            "who answers there is not known without keys; make them with `collector keys generate`, "
            + "or set BUS_ALLOW_PLAINTEXT=1 as on the other machine"
    }

    /// What to do about plain tcp on loopback.
    static let plaintextHint =
        "any process of this machine that gets the port can speak for the producer; make keys with "
        + "`collector keys generate`, use ipc://, or set BUS_ALLOW_PLAINTEXT=1 to accept it"

    private let settings: FollowerLoop.Settings
    private let patterns: [EndpointPattern]
    private let logger: Logger
    private let context: Context
    private let mailbox: FollowerMailbox
    private let queue: DeliveryQueue
    private let board = ReachBoard()
    private let unprotected: [String]

    /// Connects nothing before `run()`.
    /// - Throws: `BusAddressError` for an endpoint that cannot be used, `BusSecurityError` for a key that is missing.
    package init(_ configuration: Configuration, logger: Logger) throws {
        settings = FollowerLoop.Settings(
            group: configuration.group,
            replacesArchive: configuration.replacesArchive,
            recovery: configuration.recovery,
            filter: TopicFilter(configuration.topics),
            receiveHighWaterMark: configuration.receiveHighWaterMark,
            timing: configuration.timing,
            security: configuration.security,
            epochSlack: configuration.epochSlack,
            clock: configuration.clock
        )
        patterns = try configuration.patterns()
        unprotected =
            configuration.allowsPlaintext
            ? [] : patterns.filter { configuration.isPlainTCP($0) }.map(\.address.description)
        self.logger = logger
        context = try Context.process.get()
        mailbox = try FollowerMailbox()
        queue = DeliveryQueue(
            eventLimit: configuration.queueLimit,
            byteLimit: configuration.queueBytes,
            wakingUp: mailbox.wakeUp
        )
    }

    /// Where to begin in one producer's journal.
    package enum Start: Sendable {
        /// Behind these offsets; a partition that is not named begins at the oldest retained event.
        case after([Int: Offset])
        /// At what is published from now on. When the producer has restarted, behind what was delivered before.
        case head
    }

    /// Begins, or begins again, to deliver a producer. What was queued of it before is discarded first, so that a
    /// consumer whose transaction was refused can go back to the committed offsets.
    /// - Parameters:
    ///   - producer: Its id.
    ///   - start: Where to begin.
    ///   - partitions: Of those that the topics name, only these come from now on; nil for all of them.
    package func follow(_ producer: String, from start: Start, partitions: Set<Int>? = nil) async {
        let generation = queue.restart(producer)
        mailbox.tell { $0.starts[producer] = FollowerMailbox.Start(start, generation, partitions) }
    }

    /// Whom it hears, as of a moment ago, and whom it does not want to hear.
    package var reach: BusReach { board.reach }

    /// Up to `limit` events: returns as soon as there are that many, or when `wait` is over and there is at least one;
    /// empty when there is none. Nil when the follower has stopped and everything was taken.
    package func next(_ limit: Int, within wait: Duration) async -> [BusEvent]? {
        await next(limit, atLeast: limit, within: wait)
    }

    /// Up to `limit` events: returns as soon as there are `minimum`, so that a tap with 1 shows each at once, or when
    /// `wait` is over. Empty and nil as above. For one consumer at a time.
    package func next(_ limit: Int, atLeast minimum: Int, within wait: Duration) async -> [BusEvent]? {
        if !queue.has(minimum), wait > .zero {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [queue] in await queue.wait(for: minimum) }
                group.addTask { try? await Task.sleep(for: wait) }
                await group.next()
                group.cancelAll()
            }
        }
        return queue.take(limit)
    }

    /// How many events wait for the consumer.
    package var queuedEvents: Int { queue.count }

    /// Tells a producer what the group's database has committed. Sent at the latest with the next heartbeat.
    ///
    /// To be repeated now and then with what the database says: a journal prunes only while it hears that. `database` is the
    /// database's own id, so that a test writer cannot make a journal forget.
    package func acknowledge(_ producer: String, committed: [Int: Offset], database: String) {
        let newer = Acknowledgement(database: database, committed: committed)
        mailbox.tell { contents in
            contents.acknowledgements[producer] = contents.acknowledgements[producer]?.merging(newer) ?? newer
        }
    }

    /// Receives until graceful shutdown or cancellation.
    package func run() async throws {
        for endpoint in unprotected {
            logger.warning(
                "a tcp endpoint is followed in plain text",
                metadata: ["bus.endpoint": "\(endpoint)", "hint": "\(Self.plaintextHint)"]
            )
        }
        let watch = try EndpointWatch(patterns, every: settings.timing.rescan, logger: logger)
        watch.start { [mailbox] found in mailbox.tell { $0.addresses = found } }
        defer {
            watch.stop()
            queue.finish()
        }
        let (settings, mailbox, queue, context, logger) = (settings, mailbox, queue, context, logger)
        let board = board
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await DedicatedThread.run("bus-follower") {
                let loop = FollowerLoop(
                    settings,
                    mailbox: mailbox,
                    queue: queue,
                    board: board,
                    context: context,
                    logger: logger
                )
                try loop.run()
            }
        } onCancelOrGracefulShutdown: {
            mailbox.tell { $0.isStopped = true }
        }
    }
}
