import Logging
import ServiceLifecycle

/// The gateway's reading side: readers for all wanted channels, as many as it takes.
final class ChatCollection<Lists: AsyncSequence & Sendable>: Service
where Lists.Element == [String], Lists.Failure == Never {
    private let lists: Lists
    private let capacity: Int
    private let context: ReaderContext
    private let report: @Sendable (ReaderProgress, ConnectionEnd?) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - lists: the wanted channels' logins, a whole list each time they change.
    ///   - capacity: how many channels a connection may have.
    ///   - report: is told twice a second how far it has come.
    init(
        lists: Lists,
        capacity: Int,
        context: ReaderContext,
        logger: Logger,
        report: @escaping @Sendable (ReaderProgress, ConnectionEnd?) -> Void
    ) {
        self.lists = lists
        self.capacity = capacity
        self.context = context
        self.logger = logger
        self.report = report
    }

    func run() async throws {
        let record = context.connection.record
        try await record.recover()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await record.keepAlive() }
            let readers = ReaderList()
            group.addTask { await self.observe(readers) }
            await self.read(readers)
            group.cancelAll()
        }
        await record.saveNow()
    }

    /// Follows the lists until shutdown; returns when every reader has ended.
    private func read(_ readers: ReaderList) async {
        await withDiscardingTaskGroup { group in
            await withTaskCancellationOrGracefulShutdownHandler {
                var assignment = ChannelAssignment(capacity: capacity)
                for await wanted in lists.cancelOnGracefulShutdown() {
                    let changes = assignment.update(to: wanted)
                    for reader in await readers.apply(changes, context: context, logger: logger) {
                        group.addTask { await reader.run() }
                    }
                }
                // The lists may end before the shutdown does: what is wanted then stays wanted.
                await readers.stopped.wait()
            } onCancelOrGracefulShutdown: {
                readers.stop()
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
