package import EventStore
package import Protocol

/// Takes the rows of another archive in, page by page. Where it stands is written with each page, so that it goes on after
/// any end, and a page that comes again changes nothing.
package actor PostgresImporter {
    /// Every table that is copied, in order. The offsets come last: until then the old archive is the one that counts.
    package static let tables = [
        "streams", "stream_samples", "stream_changes", "channel_names", "chat_messages", "chat_notifications",
        "message_deleted_events", "user_banned_events", "user_unbanned_events", "chat_clears", "chat_notices",
        "chat_settings", "collection_sessions", "collection_backfills", "collection_gaps", "dead_letters",
        "attribution_pending", "bus_offsets",
    ]

    private let address: PostgresAddress
    private let source: String
    private let clock: WallClock
    private let executor = SerialQueueExecutor(label: "postgres-importer")
    private var session: Session?

    /// `source` is the other archive's id, or its path where it has none: progress is kept by it.
    package init(_ address: PostgresAddress, source: String, clock: WallClock = .system) {
        self.address = address
        self.source = source
        self.clock = clock
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Connects, makes the schema, and tells for each table the place behind what was taken in and how many rows that was.
    /// `identity` is the other archive's id: an empty database takes it over, and the journals go on with it.
    package func open(identity: String?) throws(EventStoreError) -> [String: (place: Int64, rows: Int)] {
        let session = try Session(address, application: "twitch-chat-collector migrate-store", expected: nil)
        self.session = session
        do throws(PostgresError) {
            try session.connection.run(
                """
                CREATE TABLE IF NOT EXISTS store_migrations (
                    source text NOT NULL, table_name text NOT NULL, place bigint NOT NULL, row_count bigint NOT NULL,
                    updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (source, table_name)
                )
                """
            )
            if let identity {
                var parameters = BinaryFields.parameters
                parameters.text(identity)
                _ = try session.connection.query(
                    """
                    UPDATE database_identity SET id = $1 WHERE id <> $1
                        AND NOT EXISTS (SELECT FROM bus_offsets) AND NOT EXISTS (SELECT FROM chat_messages)
                    """,
                    parameters
                )
            }
            var parameters = BinaryFields.parameters
            parameters.text(source)
            let answer = try session.connection.query(
                "SELECT table_name, place, row_count FROM store_migrations WHERE source = $1",
                parameters
            )
            var progress: [String: (place: Int64, rows: Int)] = [:]
            for row in answer.rows {
                guard let table = row[0], let place = row[1].flatMap({ Int64($0) }),
                    let rows = row[2].flatMap({ Int($0) })
                else { continue }
                progress[table] = (place, rows)
            }
            return progress
        } catch {
            throw EventStoreError(error, operation: "open")
        }
    }

    /// Takes a page in, in one transaction with its place.
    /// - Returns: How many of its rows were not there yet.
    package func take(_ page: ArchivePage) throws(EventStoreError) -> Int {
        guard let session else {
            throw EventStoreError(.unavailable, operation: "import", message: "the database is not open")
        }
        do throws(PostgresError) {
            if page.table == "chat_messages" { try makePartitions(for: page, session) }
            return try write(page, session.connection)
        } catch {
            if !error.isBroken { _ = try? session.connection.run("ROLLBACK") }
            throw EventStoreError(error, operation: "import \(page.table)")
        }
    }

    package func close() {
        session = nil
    }

    private func write(_ page: ArchivePage, _ connection: borrowing Connection) throws(PostgresError) -> Int {
        let columns = try Self.columns(of: page.table, connection).filter { page.columns.contains($0.name) }
        let places = columns.compactMap { page.columns.firstIndex(of: $0.name) }
        let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        var text = CopyText()
        for row in page.rows { text.row(places.lazy.map { row[$0] }, types: columns.map(\.type)) }
        let values = columns.map { column in
            // The predecessor's column may be empty, the partition's key may not.
            page.table == "chat_messages" && column.name == "sent_at"
                ? "coalesce(sent_at, created_at, 'epoch')" : "\"\(column.name)\""
        }
        try connection.run(
            "BEGIN; CREATE TEMPORARY TABLE imported ON COMMIT DROP AS SELECT \(names) FROM \(page.table) WITH NO DATA"
        )
        try connection.beginCopy("COPY imported (\(names)) FROM STDIN")
        try connection.putCopy(text.bytes, 0..<text.bytes.count)
        _ = try connection.endCopy()
        let inserted = try connection.run(
            """
            INSERT INTO \(page.table) (\(names)) SELECT \(values.joined(separator: ", ")) FROM imported
            ON CONFLICT DO NOTHING
            """
        ).changes
        var parameters = BinaryFields.parameters
        parameters.text(source)
        parameters.text(page.table)
        parameters.bigInteger(page.place)
        parameters.bigInteger(Int64(page.rows.count))
        _ = try connection.query(
            """
            INSERT INTO store_migrations (source, table_name, place, row_count) VALUES ($1, $2, $3, $4)
            ON CONFLICT (source, table_name) DO UPDATE SET place = excluded.place,
                row_count = store_migrations.row_count + excluded.row_count, updated_at = now()
            """,
            parameters
        )
        try connection.run("COMMIT")
        return inserted
    }

    private func makePartitions(for page: ArchivePage, _ session: Session) throws(PostgresError) {
        guard let column = page.columns.firstIndex(of: "sent_at") else { return }
        var months: Set<Month> = []
        for row in page.rows {
            guard case .text(let text) = row[column] else { continue }
            let parts = text.prefix(7).split(separator: "-")
            if parts.count == 2, let year = Int(parts[0]), let month = Int(parts[1]) {
                months.insert(Month(year: year, month: month))
            }
        }
        for month in session.schedule.missing(months, at: clock.now(), instant: .now) {
            try PartitionMaker.make(month, session.connection)
            session.schedule.made(month)
        }
    }

    /// The columns that can be written, with their types. Numbers that the database gives itself are given anew.
    private static func columns(
        of table: String,
        _ connection: borrowing Connection
    ) throws(PostgresError) -> [(name: String, type: String)] {
        try connection.run(
            """
            SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = '\(table)'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                AND NOT (attname = 'id' AND atttypid IN ('int8'::regtype, 'int4'::regtype)) ORDER BY attnum
            """
        ).rows.compactMap { row in
            guard let name = row[0], let type = row[1] else { return nil }
            return (name, type)
        }
    }
}
