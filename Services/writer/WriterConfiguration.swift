import EventBus
import EventStore
import PostgresStore
import ServiceRuntime

/// What the writer's settings say.
struct WriterConfiguration: Sendable {
    /// Which engine, and where.
    enum Database: Sendable {
        case sqlite(path: String)
        case postgresql(PostgresAddress, retentionDays: Int?)
    }

    var database: Database
    var follower: EventFollower.Configuration
    var limits: BatchBuilder.Limits
    /// How long an event may wait for others.
    var delay: Duration
    /// `STATE_DIR`: where journals of this machine are.
    var stateDirectory: String
    /// A person has said that a new archive may be begun beside journals that are kept for another.
    var beginsArchive: Bool

    /// Reads the settings.
    ///
    /// ## Configuration keys:
    /// - `DATABASE_URL` (string, default `sqlite:///data/twitch_chats.db`).
    /// - `RETENTION_DAYS` (1 to 36500, default unset: everything is kept): PostgreSQL only.
    /// - `IRC_GATEWAY_BUS`, `STREAM_POLLER_BUS` (lists of endpoints, default below `STATE_DIR`).
    /// - `BUS_KEYS_DIR` (directory, default `$STATE_DIR/keys`): with `writer.key` there, tcp endpoints are encrypted.
    /// - `BUS_ALLOW_PLAINTEXT` (boolean, default false): follow them in plain text all the same.
    /// - `BUS_EPOCH_SLACK` (duration, default 24h): how far a producer's clock may have been ahead of this one.
    /// - `WRITER_BATCH_ROWS` (1 to 100000, default 1000), `WRITER_BATCH_MS` (1 to 60000, default 200),
    ///   `WRITER_BATCH_BYTES` (default 8MiB): a batch is written when the first of them is reached.
    /// - `WRITER_NEW_ARCHIVE` (boolean, default false): begin a new archive although journals are kept for another.
    init(_ settings: Settings) throws {
        database = try Self.database(settings)
        let state = try settings.stateDirectoryPath()
        follower = EventFollower.Configuration(
            endpoints: [],
            group: "writer",
            security: try BusSecurity.configured(
                settings.string("BUS_KEYS_DIR"),
                stateDirectory: state,
                name: "writer"
            )
        )
        stateDirectory = state
        beginsArchive = try settings.boolean("WRITER_NEW_ARCHIVE", default: false)
        follower.replacesArchive = beginsArchive
        follower.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
        follower.epochSlack = try settings.duration("BUS_EPOCH_SLACK", default: .seconds(86_400))
        for (name, service) in [("IRC_GATEWAY_BUS", "irc-gateway"), ("STREAM_POLLER_BUS", "stream-poller")] {
            let named = try settings.list(name)
            follower.follow(named.isEmpty ? ["ipc://\(state)/bus/\(service)-*"] : named, of: service)
        }
        limits = BatchBuilder.Limits(
            rows: try settings.integer("WRITER_BATCH_ROWS", default: 1000, in: 1...100_000),
            bytes: try settings.bytes("WRITER_BATCH_BYTES", default: 8 << 20)
        )
        delay = .milliseconds(try settings.integer("WRITER_BATCH_MS", default: 200, in: 1...60_000))
    }

    /// Whether a SQLite file could be made or written where `DATABASE_URL` says; a server is not asked. Blocks on the disk.
    func checkDatabase() throws {
        guard case .sqlite(let path) = database, path != ":memory:" else { return }
        var folder = "."
        if let slash = path.lastIndex(of: "/") { folder = slash == path.startIndex ? "/" : String(path[..<slash]) }
        // Missing folders are made at the start.
        let obstacle =
            WritablePlace.obstacle(toDirectory: folder)
            ?? (WritablePlace.exists(folder) ? WritablePlace.obstacle(toFile: path) : nil)
        guard let obstacle else { return }
        throw ServiceFailure(
            .cannotCreate,
            "cannot make or write the database \(path): \(obstacle); set DATABASE_URL to a place that this user can write"
        )
    }

    private static func database(_ settings: Settings) throws -> Database {
        let days =
            try settings.string("RETENTION_DAYS") == nil
            ? nil : try settings.integer("RETENTION_DAYS", default: 1, in: 1...36_500)
        let url = try settings.databaseURL().reveal()
        do throws(DatabaseURLError) {
            switch try DatabaseURL(url) {
            case .sqlite(let path):
                guard days == nil else { break }
                return .sqlite(path: path)
            case .postgresql(let uri):
                return .postgresql(try PostgresAddress(uri: uri), retentionDays: days)
            }
        } catch {
            throw ConfigurationError(error.description)
        }
        throw ConfigurationError(
            "RETENTION_DAYS drops partitions, which SQLite does not have; expected a DATABASE_URL of PostgreSQL with it"
        )
    }
}
