import Glibc

/// Whether the way to a server is encrypted where nobody says: a decision about the parts of a connection URI.
///
/// libpq's own default is to try, and to send everything in clear text to whoever declines, the password included.
struct Encryption: Sendable {
    /// The `sslmode` that somebody has named, in the URI or in `PGSSLMODE`.
    let named: String?
    /// Whether every host is this machine.
    let isLocal: Bool
    /// Whether a service file of libpq's tells the host, which is not read here.
    let isElsewhere: Bool

    init(_ options: [String: String]) {
        named = options["sslmode"] ?? Self.variable("PGSSLMODE")
        isElsewhere = options["service"] != nil || Self.variable("PGSERVICE") != nil
        let hosts =
            options["hostaddr"] ?? options["host"] ?? Self.variable("PGHOSTADDR") ?? Self.variable("PGHOST") ?? ""
        isLocal = hosts.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { Self.isLocal(String($0)) }
    }

    /// What to set; nil where libpq's default or somebody's word stays.
    var mode: String? { named == nil && !isLocal && !isElsewhere ? "require" : nil }

    /// What a person could do better; nil where nothing.
    var advice: String? {
        guard !isLocal, !isElsewhere else { return nil }
        switch named {
        case "verify-full": return nil
        case "disable", "allow", "prefer":
            return
                "the connection may be in clear text, the password too: sslmode=verify-full with sslrootcert=… encrypts it "
                + "and checks who the server is"
        default:
            return
                "encrypted, but whoever answers is believed: sslmode=verify-full with sslrootcert=… checks who the server is"
        }
    }

    /// A socket, or an address of this machine.
    static func isLocal(_ host: String) -> Bool {
        if host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") { return true }
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
