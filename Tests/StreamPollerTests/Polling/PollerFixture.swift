import EventBus
import FoundationEssentials
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import stream_poller

/// A poller with a real journal, a fake Twitch and a clock of its own.
final class PollerFixture: Sendable {
    let directory: String
    let helix: FakeHelix
    let health = Health()
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
    private let channels: ChannelList

    init(in directory: String, logins: [String], ids: [String] = []) {
        self.directory = directory
        helix = FakeHelix(logins: logins + ids.map { "user\($0)" })
        channels = ChannelList(logins: logins, userIDs: ids)
    }

    func pass(_ duration: Duration) { time.withLock { $0 = $0.advanced(by: duration) } }

    /// Runs a poller for the length of `body`.
    func run(policy: StreamTracker.Policy = .init(), _ body: (StreamPolling, EventPublisher) async throws -> Void)
        async throws
    {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let publisher = try EventPublisher(
            .init(service: "stream-poller", prefix: "sp", stateDirectory: directory),
            logger: logger
        )
        let polling = StreamPolling(
            channels: channels,
            plan: .init(interval: .seconds(3600), policy: policy),
            helix: helix,
            publisher: publisher,
            tokens: { .there },
            report: PollReport(metrics: PollerMetrics(), health: health, logger: logger),
            clock: WallClock { [self] in time.withLock { $0 } },
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: publisher, serviceName: "publisher"),
                    .init(service: polling, serviceName: "polling"),
                ],
                logger: logger
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do { try await body(polling, publisher) } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Makes the running poller poll once more and waits until the journal has it.
    func poll(_ polling: StreamPolling, _ publisher: EventPublisher) async throws {
        let before = helix.polls
        polling.bell.ring()
        try await polled(before + 1, publisher)
    }

    /// Waits until so many polls were made and what they told is in the journal.
    func polled(_ count: Int, _ publisher: EventPublisher) async throws {
        try await eventually("the poller polls") { helix.polls >= count }
        try await eventually("the journal has accepted it") { publisher.queuedEvents == 0 }
    }

    /// Waits until the state on disk knows a stream.
    func saved(_ stream: String) async throws {
        try await eventually("the state is saved") {
            let content = FileManager.default.contents(atPath: "\(directory)/journal/stream-poller/slot-0/streams.json")
            return content.map { String(decoding: $0, as: UTF8.self).contains("\"\(stream)\"") } ?? false
        }
    }

    /// What the journal in the directory has accepted, in order; only while no poller runs.
    func accepted() throws -> [Event] {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let publisher = try EventPublisher(
            .init(service: "stream-poller", prefix: "sp", stateDirectory: directory),
            logger: logger
        )
        return try publisher.accepted(after: [:]).map(\.event)
    }
}
