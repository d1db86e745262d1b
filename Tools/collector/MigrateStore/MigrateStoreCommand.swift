import ArgumentParser
import EventStore
import FoundationEssentials
import PostgresStore
import SQLiteStore
import ServiceRuntime

/// `collector migrate-store`: a SQLite archive's rows into PostgreSQL.
struct MigrateStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate-store",
        abstract: "Copy a SQLite archive into PostgreSQL.",
        discussion: """
            collector migrate-store sqlite:///data/twitch_chats.db postgresql://collector@db/chats

            Copies everything, of our own archive or of the Python collector's, and leaves the file as it is. Stop the writer
            first. When it is interrupted, the same command goes on where it was; run again afterwards it adds only what is
            new. Then set DATABASE_URL to the new database and start the writers: they continue behind the last stored event.

            Without a second URL the rows go to DATABASE_URL. Keep the password out of the command line, where others see
            it: put it into DATABASE_URL, PGPASSWORD or ~/.pgpass.
            """
    )

    @Argument(help: "The SQLite archive, sqlite:///relative/path or sqlite:////absolute/path.")
    var from: String

    @Argument(help: "The PostgreSQL database. Default: DATABASE_URL.")
    var to: String?

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector migrate-store") {
            let path = try source()
            let address = try target()
            do {
                try await StoreMigration(path: path, address: address).run()
            } catch let error as EventStoreError {
                throw CommandFailure(Self.exitCode(of: error), "\(error.operation): \(error.message)")
            }
        }
    }

    private func source() throws -> String {
        guard case .sqlite(let path) = try url(from, "FROM") else {
            throw CommandFailure(
                64,
                "FROM is no SQLite archive; expected sqlite:///relative/path or sqlite:////absolute/path"
            )
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(66, "there is no database \(path)")
        }
        return path
    }

    private func target() throws -> PostgresAddress {
        let text = try to ?? CommandSettings.load(configFile: configFile).databaseURL().reveal()
        guard case .postgresql(let uri) = try url(text, "TO") else {
            throw CommandFailure(
                64,
                "TO is no PostgreSQL database; name it, or set DATABASE_URL: postgresql://host/name"
            )
        }
        do {
            return try PostgresAddress(uri: uri)
        } catch {
            throw CommandFailure(78, error.description)
        }
    }

    private func url(_ text: String, _ name: String) throws -> DatabaseURL {
        do {
            return try DatabaseURL(text)
        } catch {
            throw CommandFailure(64, error.description.replacing("DATABASE_URL", with: name))
        }
    }

    private static func exitCode(of error: EventStoreError) -> Int32 {
        switch error.code {
        case .locked: 75
        case .unreachable, .unavailable, .diskFull, .readOnly, .commitOutcomeUnknown: 69
        case .accessDenied: 77
        case .incompatible, .corrupt, .refused: 65
        }
    }
}
