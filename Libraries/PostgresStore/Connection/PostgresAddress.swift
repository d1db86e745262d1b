internal import CPostgreSQL
package import EventStore
import Glibc

/// Where a server is, in libpq's words: a connection URI with any of its options. Never shows its password.
package struct PostgresAddress: Sendable, CustomStringConvertible {
    private let uri: String
    /// The options that the URI names, without their values.
    private let named: Set<String>
    private let encryption: Encryption
    /// How the connection could be safer; nil where it is as safe as can be, or local.
    package var encryptionAdvice: String? { encryption.advice }
    /// Whether the URI itself tells a password.
    package var namesPassword: Bool { named.contains("password") }

    /// `host:port/database`, for people.
    package let description: String

    /// Checks the URI's form; nothing is looked up or connected.
    package init(uri: String) throws(DatabaseURLError) {
        try Self.checkAuthority(uri)
        guard let options = Self.options(of: uri) else {
            throw DatabaseURLError(
                "DATABASE_URL is not a PostgreSQL connection URI; expected postgresql://user:password@host:5432/name"
                    + "?option=value with special characters as %XX and options that libpq knows"
            )
        }
        let ports = options["port"] ?? ""
        guard ports.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ",") }) else {
            throw DatabaseURLError("DATABASE_URL has a port that is not a number; expected postgresql://host:5432/name")
        }
        self.uri = uri
        self.named = Set(options.keys)
        self.encryption = Encryption(options)
        let host =
            options["host"] ?? options["hostaddr"] ?? options["service"].map { "service \($0)" } ?? "local socket"
        description = host + (ports.isEmpty ? "" : ":\(ports)") + (options["dbname"].map { "/\($0)" } ?? "")
    }

    /// What libpq is given, in its order of precedence: what comes later wins.
    ///
    /// Ours are defaults: what the URI, its service or libpq's own environment variables say goes before.
    func keywords(application: String) -> [(name: String, value: String)] {
        var keywords = [("fallback_application_name", application)]
        if !named.contains("service") {
            let defaults = [
                ("connect_timeout", "4", "PGCONNECT_TIMEOUT"),
                ("target_session_attrs", "read-write", "PGTARGETSESSIONATTRS"),
                ("keepalives_idle", "5", ""), ("keepalives_interval", "2", ""), ("keepalives_count", "3", ""),
                ("tcp_user_timeout", "10000", ""),
            ]
            for (name, value, variable) in defaults where unsafe variable.isEmpty || getenv(variable) == nil {
                keywords.append((name, value))
            }
        }
        if let mode = encryption.mode { keywords.append(("sslmode", mode)) }
        keywords.append(("dbname", uri))
        keywords.append(("client_encoding", "UTF8"))
        return keywords
    }

    /// A special character in a password would cut it in two, and libpq would tell the pieces as names of hosts.
    private static func checkAuthority(_ uri: String) throws(DatabaseURLError) {
        let rest = uri.drop { $0 != "/" }.dropFirst(2)
        let (address, query) = rest.firstIndex(of: "?").map { (rest[..<$0], rest[$0...]) } ?? (rest, "")
        let authority = address.prefix { $0 != "/" }
        let isCut =
            authority.count { $0 == "@" } > 1 || address.dropFirst(authority.count).contains("@")
            || (!authority.contains("@") && authority.contains(":") && query.contains("@"))
        guard !isCut else {
            throw DatabaseURLError(
                "DATABASE_URL has a special character in its user or password; expected it as %XX, such as %40 for @ "
                    + "and %2F for /"
            )
        }
    }

    /// The options that are set, by name; nil where libpq cannot read the URI.
    private static func options(of uri: String) -> [String: String]? {
        // libpq's own words would quote pieces of the URI.
        guard let parsed = unsafe PQconninfoParse(uri, nil) else { return nil }
        defer { unsafe PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var option = unsafe parsed
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe options[String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return options
    }
}
