import EventBus
import EventStore
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime

/// Follows the bus into the database until it is stopped; waits as a standby while another writer has the database.
struct WriterService: Service {
    let source: any EventSource
    let store: any EventStore
    let limits: BatchBuilder.Limits
    let delay: Duration
    let health: Health
    var clock = WallClock.system
    let logger: Logger

    func run() async throws {
        health.report("bus", reason: "no producer was found yet")
        do {
            if let database = try await open() {
                var loop = ArchiveLoop(
                    source: source,
                    committer: BatchCommitter(
                        store: store,
                        metrics: WriterMetrics(),
                        health: health,
                        clock: clock,
                        logger: logger
                    ),
                    database: database,
                    limits: limits,
                    delay: delay
                )
                try await loop.run()
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        // The source stops before us: a service that ends unasked would count as failed.
        try? await gracefulShutdown()
    }

    /// Becomes the writer and opens the database. Nil when the process stops first.
    private func open() async throws -> String? {
        var hasToldStandby = false
        var hasToldLocked = false
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do throws(EventStoreError) {
                if try await store.claim() {
                    let database = try await store.open()
                    health.report("database", reason: nil)
                    logger.info("writing to the database")
                    return database
                }
                health.report("database", reason: "standby: another writer has this database")
                if !hasToldStandby {
                    logger.notice("another writer has this database; standing by to take over")
                    hasToldStandby = true
                }
            } catch {
                guard [.locked, .diskFull, .unreachable].contains(error.code) else { throw failure(error) }
                health.report("database", reason: error.description)
                if !hasToldLocked {
                    logger.warning(
                        "the database cannot be opened yet; trying until it can",
                        metadata: .keyed([.error: "\(error)"])
                    )
                    hasToldLocked = true
                }
            }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(250)) }
        }
        return nil
    }

    private func failure(_ error: EventStoreError) -> ServiceFailure {
        switch error.code {
        case .incompatible, .accessDenied, .corrupt, .refused:
            ServiceFailure(.configuration, "the database of DATABASE_URL cannot be used: \(error.message)")
        default:
            ServiceFailure(.cannotCreate, "the database of DATABASE_URL cannot be opened: \(error.message)")
        }
    }
}
