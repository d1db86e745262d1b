import ArgumentParser
import EventBus
import SQLiteStore
import ServiceRuntime

/// Writes what the gateways accepted into the database, exactly once.
@main
struct Writer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "writer",
        abstract: "Writes what the gateways accepted into the database, exactly once."
    )

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        try await ServiceRuntime.run("writer", options: options) { runtime in
            let configuration = try WriterConfiguration(runtime.settings)
            let follower = try EventFollower(configuration.follower, logger: runtime.logger)
            let writer = WriterService(
                source: follower,
                store: SQLiteStore(SQLiteStore.Configuration(path: configuration.databasePath)),
                limits: configuration.limits,
                delay: configuration.delay,
                health: runtime.health,
                logger: runtime.logger
            )
            // Stopped in reverse: the follower first, so that the writer takes what is queued and then ends.
            return [writer, follower]
        }
    }
}
