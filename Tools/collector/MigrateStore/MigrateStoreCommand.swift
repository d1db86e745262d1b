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

            Without a second URL the rows go to DATABASE_URL, or to the URL in the file that DATABASE_URL_FILE names. With - as
            the second one it is read from standard input:

            collector migrate-store sqlite:///data/twitch_chats.db - < /run/secrets/database_url

            Keep the password out of the command line, where others see it: use one of these, or leave it out of the URL and
            let libpq find it in PGPASSWORD, PGPASSFILE or ~/.pgpass. A URL with a password as argument is refused.
            """
    )

    @Argument(help: "The SQLite archive, sqlite:///relative/path or sqlite:////absolute/path.")
    var from: String

    @Argument(
        help:
            "The PostgreSQL database, without its password; - reads the URL from standard input. Default: DATABASE_URL."
    )
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
        guard case .postgresql(let uri) = try url(targetText(), "TO") else {
            throw CommandFailure(
                64,
                "TO is no PostgreSQL database; name it, or set DATABASE_URL: postgresql://host/name"
            )
        }
        do {
            let address = try PostgresAddress(uri: uri)
            guard to == nil || to == "-" || !address.namesPassword else {
                throw CommandFailure(
                    64,
                    "TO shows its password to everybody who lists processes; put the URL into DATABASE_URL, or pass - and "
                        + "give it on standard input, or leave the password to PGPASSWORD or ~/.pgpass"
                )
            }
            return address
        } catch let error as DatabaseURLError {
            throw CommandFailure(78, error.description)
        }
    }

    /// The URL of the target, from wherever it is told.
    private func targetText() throws -> String {
        guard let to else { return try CommandSettings.load(configFile: configFile).databaseURL().reveal() }
        guard to == "-" else { return to }
        let line = (readLine() ?? "").filter { !$0.isWhitespace }
        guard !line.isEmpty else {
            throw CommandFailure(64, "standard input holds no URL; expected postgresql://user:password@host/name")
        }
        return line
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
        case .unreachable, .unavailable, .diskFull, .readOnly, .commitOutcomeUnknown, .cannotOpen, .closed: 69
        case .accessDenied: 77
        case .incompatible, .noDatabase, .corrupt, .schema, .refused: 65
        }
    }
}
