extension Settings {
    /// Every variable of every service, as `docs/configuration.md` lists them.
    ///
    /// Only used to point out misspelt names in `.env` and `collector.yaml`, which all services share.
    package static let knownVariables: Set<String> = namedVariables.union(secretVariables.map { "\($0)_FILE" })

    /// Those without the `_FILE` forms of secrets.
    static let namedVariables: Set<String> = [
        "BACKFILL_URL",
        "BUS_ALLOW_PLAINTEXT", "BUS_BIND", "BUS_EPOCH_SLACK", "BUS_KEYS_DIR", "CHANNELS", "CHANNELS_FILE",
        "DATABASE_URL", "GATEWAY_COUNT",
        "GATEWAY_INDEX", "GATEWAY_REPLICAS", "HTTP_HOST", "HTTP_PORT", "IRC_CHANNELS_PER_CONNECTION",
        "IRC_CONNECT_INTERVAL", "IRC_GATEWAY_BUS", "IRC_JOIN_LIMIT",
        "JOURNAL_KEEP", "JOURNAL_SEGMENT_SIZE", "JOURNAL_SIZE_LIMIT", "JOURNAL_SYNC", "LOG_FILE", "LOG_FILE_KEEP",
        "LOG_FILE_SIZE", "LOG_FORMAT", "LOG_LEVEL", "MAX_RECONNECT_ATTEMPTS", "RECONNECT_INTERVAL",
        "RETENTION_DAYS", "STATE_DIR",
        "STREAM_OFFLINE_AFTER", "STREAM_OFFLINE_POLLS",
        "STREAM_POLLER_BUS", "STREAM_POLL_INTERVAL", "TOKEN_SERVICE_BUS", "TOKEN_VALIDATE_INTERVAL", "TOKEN_WRITE_ENV",
        "TWITCH_ACCESS_TOKEN", "TWITCH_API_URL", "TWITCH_AUTH_URL", "TWITCH_CLIENT_ID", "TWITCH_CLIENT_SECRET",
        "TWITCH_IRC_CA_FILE", "TWITCH_IRC_URL", "TWITCH_REFRESH_TOKEN", "WRITER_BATCH_BYTES", "WRITER_BATCH_MS",
        "WRITER_BATCH_ROWS", "WRITER_NEW_ARCHIVE",
    ]

    /// Variables that hold lists.
    static let listVariables: Set<String> = [
        "CHANNELS", "IRC_GATEWAY_BUS", "STREAM_POLLER_BUS", "TOKEN_SERVICE_BUS",
    ]

    /// Variables whose value must not be printed.
    static let secretVariables: Set<String> = [
        "DATABASE_URL", "TWITCH_ACCESS_TOKEN", "TWITCH_CLIENT_SECRET", "TWITCH_REFRESH_TOKEN",
    ]
}
