import ArgumentParser
import EventBus
import EventStore
import Logging
import PostgresStore
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

    static func main() async { await runAsProgram() }

    func run() async throws {
        try await ServiceRuntime.run("writer", options: options) { runtime in
            let configuration = try WriterConfiguration(runtime.settings)
            if runtime.checkOnly { try configuration.checkDatabase() }
            let follower = try EventFollower(configuration.follower, logger: runtime.logger)
            let writer = WriterService(
                source: follower,
                store: configuration.database.makeStore(logger: runtime.logger),
                limits: configuration.limits,
                delay: configuration.delay,
                beginning: ArchiveBeginning(
                    isWanted: configuration.beginsArchive,
                    stateDirectory: configuration.stateDirectory
                ),
                health: runtime.health,
                logger: runtime.logger
            )
            // Stopped in reverse: the follower first, so that the writer takes what is queued and then ends.
            return [writer, follower]
        }
    }
}

extension WriterConfiguration.Database {
    /// The store of the engine that was chosen; it touches nothing before it is opened.
    fileprivate func makeStore(logger: Logger) -> any EventStore {
        switch self {
        case .sqlite(let path): SQLiteStore(SQLiteStore.Configuration(path: path))
        case .postgresql(let address, let days):
            PostgresStore(
                PostgresStore.Configuration(
                    address: address,
                    retentionDays: days,
                    application: "twitch-chat-collector writer"
                ),
                logger: logger
            )
        }
    }
}
