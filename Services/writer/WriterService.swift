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
    var beginning = ArchiveBeginning()
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
    ///
    /// What may be mended at the database is waited for: a password that is rotated, a right that is granted. What only a
    /// change of the settings or of the file mends ends the process.
    private func open() async throws -> String? {
        var hasToldStandby = false
        var retry = CommitRetry()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            var wait = Duration.milliseconds(250)
            do throws(EventStoreError) {
                if try await store.claim() {
                    guard let obstacle = try await beginning.obstacle(store) else {
                        let database = try await store.open()
                        health.report("database", reason: nil)
                        logger.info("writing to the database")
                        return database
                    }
                    wait = max(wait, tell(obstacle, &retry))
                } else {
                    health.report("database", reason: "standby: another writer has this database")
                    if !hasToldStandby {
                        logger.notice("another writer has this database; standing by to take over")
                        hasToldStandby = true
                    }
                }
            } catch {
                if let failure = await failure(error) { throw failure }
                wait = max(wait, tell(error, &retry))
            }
            let pause = wait
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
        }
        return nil
    }

    /// Says why the database is not open yet, and tells how long to wait.
    private func tell(_ error: EventStoreError, _ retry: inout CommitRetry) -> Duration {
        health.report("database", reason: error.description)
        switch retry.failed(error, stopping: false, at: .now) {
        case .retry(let pause, let isNews), .verify(let pause, let isNews):
            guard isNews else { return pause }
            logger.warning(
                "the database cannot be opened yet; trying until it can",
                metadata: .keyed([.error: "\(error)"])
            )
            return pause
        case .examine, .abandon: return .zero
        }
    }

    /// Nil for what is waited for.
    private func failure(_ error: EventStoreError) async -> ServiceFailure? {
        switch error.code {
        case .incompatible, .corrupt, .refused:
            return ServiceFailure(.configuration, "the database of DATABASE_URL cannot be used: \(error.message)")
        case .noDatabase:
            // Where there was one it is being restored; else the name is wrong.
            guard await !beginning.hadArchive() else { return nil }
            return ServiceFailure(.configuration, "the database of DATABASE_URL cannot be used: \(error.message)")
        case .cannotOpen, .closed:
            return ServiceFailure(.cannotCreate, "the database of DATABASE_URL cannot be opened: \(error.message)")
        case .locked, .unavailable, .unreachable, .commitOutcomeUnknown, .diskFull, .readOnly, .accessDenied, .schema:
            return nil
        }
    }
}
