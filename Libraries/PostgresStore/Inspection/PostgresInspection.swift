package import EventStore

/// Looks at an archive in PostgreSQL without changing anything.
package enum PostgresInspection {
    /// How long the server may take for one answer.
    private static let patience = Duration.seconds(4)

    /// Connects, and asks what the writer will need. Blocks.
    package static func inspect(_ address: PostgresAddress) throws(EventStoreError) -> ArchiveCondition {
        do throws(PostgresError) {
            let connection = try Connection(address, application: "twitch-chat-collector doctor")
            do throws(PostgresError) {
                try StartChecks.checkServer(connection)
            } catch  where error.sqlState == "25006" {}
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
        if let reason = try StartChecks.readOnlyReason(connection) { return reason }
        // Until the tables are there and complete it is the right to make them that counts.
        guard schema == .current else {
            let mayCreate = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
            return try connection.run(mayCreate, within: patience).value == "t"
                ? nil : "this user may not create tables; let the owner run GRANT CREATE, USAGE ON SCHEMA public"
        }
        return try StartChecks.missingRights(connection)
    }
}
