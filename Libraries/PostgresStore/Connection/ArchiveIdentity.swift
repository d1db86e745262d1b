import EventStore

/// The id of the archive that a connection leads to, by the tables that its `search_path` finds.
enum ArchiveIdentity {
    /// Nil where there is no archive.
    static func find(_ connection: borrowing Connection) throws(PostgresError) -> String? {
        guard try connection.run("SELECT to_regclass('database_identity')").value != nil else { return nil }
        return try connection.run("SELECT id FROM database_identity").value
    }

    /// Throws where an archive that was open before is there no more, before anything is changed: a database that was
    /// dropped and made anew waits for its restore.
    static func check(_ connection: borrowing Connection, is expected: String) throws(EventStoreError) {
        let found: String?
        do throws(PostgresError) {
            found = try find(connection)
        } catch {
            throw EventStoreError(error, operation: "connect")
        }
        guard let found else {
            throw EventStoreError(
                .incompatible,
                operation: "connect",
                message:
                    "the archive is gone: the database is empty, or search_path leads elsewhere; waiting for it to be "
                    + "restored. To begin a new one, start the writer with WRITER_NEW_ARCHIVE=true"
            )
        }
        guard found == expected else {
            throw EventStoreError(
                .incompatible,
                operation: "connect",
                message:
                    "the server has another archive than before (its database_identity differs); start the writer again "
                    + "when that is intended"
            )
        }
    }
}
