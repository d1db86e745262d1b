import Logging
import ServiceLifecycle
import TwitchChat

/// The gateway's reading side: readers for all wanted channels, as many as it takes.
final class ChatCollection: Service {
    /// How long a stop waits for events that find no room, and for a server that goes on talking: a closing handshake that is
    /// not answered takes a second.
    private static let patience = Duration.milliseconds(2000)

    private let capacity: Int
    private let context: ReaderContext
    private let report: @Sendable (ReaderProgress, ConnectionEnd?) -> Void
    private let logger: Logger
    private var demand: ChannelDemand { context.connection.demand }

    /// - Parameters:
    ///   - capacity: how many channels a connection may have.
    ///   - context: what the readers share; its demand says which channels are read.
    ///   - logger: passed on to them.
    ///   - report: is told twice a second how far it has come.
    init(
        capacity: Int,
        context: ReaderContext,
        logger: Logger,
        report: @escaping @Sendable (ReaderProgress, ConnectionEnd?) -> Void
    ) {
        self.capacity = capacity
        self.context = context
        self.logger = logger
        self.report = report
    }

    /// Which of the channels are heard.
    var live: LiveChannels { context.connection.live }

    func run() async throws {
        let record = context.connection.record
        try await record.recover()
        await withTaskGroup(of: Void.self) { group in
            let readers = ReaderList()
            group.addTask { await record.keepAlive() }
            group.addTask { await self.observe(readers) }
            await self.read(readers)
            group.cancelAll()
        }
        await record.saveNow()
    }

    /// Follows the lists until shutdown; returns when every reader has ended.
    ///
    /// A reader whose events find no room in the journal would wait for ever: after `patience` they are given up.
    private func read(_ readers: ReaderList) async {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.follow(readers) }
                group.addTask {
                    guard await readers.stopped.wait() != nil else { return }
                    try? await Task.sleep(for: Self.patience)
                }
                await group.next()
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            readers.stop()
            self.demand.finish()
        }
    }

    private func follow(_ readers: ReaderList) async {
        await withDiscardingTaskGroup { group in
            var assignment = ChannelAssignment(capacity: capacity)
            for await _ in demand.changes {
                let wanted = demand.current
                let changes = assignment.update(to: wanted.logins, anonymously: wanted.anonymously)
                for reader in await readers.apply(
                    changes,
                    handedOver: wanted.elsewhere,
                    context: context,
                    logger: logger
                ) {
                    group.addTask { await reader.run() }
                }
            }
        }
    }

    private func observe(_ readers: ReaderList) async {
        while !Task.isCancelled {
            report(readers.progress, context.connection.outages.cause)
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}
