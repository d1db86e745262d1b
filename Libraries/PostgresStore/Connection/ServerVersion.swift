/// Which servers can hold an archive.
enum ServerVersion {
    private static let oldest = 140_000

    /// Throws, as an incompatible database, for a server that is too old.
    static func check(_ connection: borrowing Connection) throws(PostgresError) {
        guard connection.serverVersion < oldest else { return }
        throw PostgresError(
            sqlState: SQLState.unusable,
            message: "PostgreSQL \(oldest / 10_000) or newer is needed; the server is "
                + "\(connection.serverVersion / 10_000)",
            isBroken: false
        )
    }
}
