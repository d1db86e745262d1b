/// `DATABASE_URL`: which engine, and where.
///
/// The predecessor's SQLAlchemy forms are understood: a driver behind `+` and a query are accepted and ignored.
package enum DatabaseURL: Hashable, Sendable {
    /// A file's path, relative to the working directory or absolute.
    case sqlite(path: String)
    /// A libpq connection URI, with any driver removed from the scheme. May hold a password: never log it.
    case postgresql(uri: String)

    /// Reads `sqlite:///relative`, `sqlite:////absolute` or `postgresql://…`.
    package init(_ text: String) throws(DatabaseURLError) {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            throw DatabaseURLError("DATABASE_URL is not a URL; expected \(Self.expected)")
        }
        let scheme = text[..<colon]
        let rest = text[colon...].dropFirst(3)
        switch scheme.split(separator: "+", maxSplits: 1).first {
        case "sqlite":
            self = .sqlite(path: try Self.path(rest))
        case "postgresql", "postgres":
            self = .postgresql(uri: "postgresql://" + rest)
        default:
            throw DatabaseURLError("DATABASE_URL has the unknown scheme '\(scheme)'; expected \(Self.expected)")
        }
    }

    private static let expected = "sqlite:///relative/path, sqlite:////absolute/path or postgresql://host/name"

    private static func path(_ rest: Substring) throws(DatabaseURLError) -> String {
        guard rest.hasPrefix("/") else {
            throw DatabaseURLError(
                "DATABASE_URL names a host for SQLite; expected sqlite:///relative/path or sqlite:////absolute/path"
            )
        }
        let path = String(rest.dropFirst().prefix { $0 != "?" })
        guard !path.isEmpty, path != ":memory:" else {
            throw DatabaseURLError(
                "DATABASE_URL names no file; a database in memory would be lost with the process: "
                    + "expected sqlite:///relative/path or sqlite:////absolute/path"
            )
        }
        guard !path.hasSuffix("/") else {
            throw DatabaseURLError("DATABASE_URL names a directory, '\(path)'; expected a file in it")
        }
        return path
    }
}

/// A wrong `DATABASE_URL`: one line for a person. Never shows what may be a password.
package struct DatabaseURLError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
