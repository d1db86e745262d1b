import EventBus
import EventStore
import ServiceRuntime

/// What the writer's settings say.
struct WriterConfiguration: Sendable {
    /// The SQLite file.
    var databasePath: String
    var follower: EventFollower.Configuration
    var limits: BatchBuilder.Limits
    /// How long an event may wait for others.
    var delay: Duration

    /// Reads the settings.
    ///
    /// ## Configuration keys:
    /// - `DATABASE_URL` (string, default `sqlite:///data/twitch_chats.db`).
    /// - `IRC_GATEWAY_BUS`, `STREAM_POLLER_BUS` (lists of endpoints, default below `STATE_DIR`).
    /// - `BUS_KEYS_DIR` (directory, default `$STATE_DIR/keys`): with `writer.key` there, tcp endpoints are encrypted.
    /// - `BUS_ALLOW_PLAINTEXT` (boolean, default false): follow them in plain text all the same.
    /// - `WRITER_BATCH_ROWS` (1 to 100000, default 1000), `WRITER_BATCH_MS` (1 to 60000, default 200),
    ///   `WRITER_BATCH_BYTES` (default 8MiB): a batch is written when the first of them is reached.
    init(_ settings: Settings) throws {
        do {
            switch try DatabaseURL(settings.databaseURL().reveal()) {
            case .sqlite(let path): databasePath = path
            case .postgresql:
                throw ConfigurationError(
                    "DATABASE_URL names PostgreSQL, which is not in this version; expected sqlite:///relative/path "
                        + "or sqlite:////absolute/path"
                )
            }
        } catch let error as DatabaseURLError {
            throw ConfigurationError(error.description)
        }
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
        follower.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
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
}
