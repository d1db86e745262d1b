package import EventStore

/// Looks at an archive in PostgreSQL without changing anything.
package enum PostgresInspection {
    /// How long the server may take for one answer.
    private static let patience = Duration.seconds(4)

    /// Connects, and asks what the writer will need. Blocks.
    package static func inspect(_ address: PostgresAddress) throws(EventStoreError) -> ArchiveCondition {
        do throws(PostgresError) {
            let connection = try Connection(address, application: "twitch-chat-collector doctor")
            try ServerVersion.check(connection)
            try Pooler.check(connection) { () throws(PostgresError) in
                try Connection(address, application: "twitch-chat-collector doctor")
            }
            let schema = ArchiveCondition.Schema(
                applied: try Migrator.applied(connection),
                known: Migration.all.map(\.name)
            )
            return ArchiveCondition(schema: schema, writeObstacle: try obstacle(connection, schema))
        } catch {
            throw EventStoreError(error, operation: "inspect")
        }
    }

    private static func obstacle(
        _ connection: borrowing Connection,
        _ schema: ArchiveCondition.Schema
    ) throws(PostgresError) -> String? {
        if try connection.run("SHOW transaction_read_only", within: patience).value == "on" {
            return "the server, or this user's default, is read-only"
        }
        // Until the tables are there and complete it is the right to make them that counts.
        guard schema == .current else {
            let mayCreate = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
            return try connection.run(mayCreate, within: patience).value == "t"
                ? nil : "this user may not create tables; let the owner run GRANT CREATE, USAGE ON SCHEMA public"
        }
        let mayInsert = "SELECT has_table_privilege('chat_messages', 'INSERT')"
        return try connection.run(mayInsert, within: patience).value == "t"
            ? nil : "this user may not insert into chat_messages; use the user that made the tables"
    }
}
