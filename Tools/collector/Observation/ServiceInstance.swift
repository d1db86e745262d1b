import FoundationEssentials

/// A running service as it announces itself in `STATE_DIR/run/<service>-<pid>.json`.
struct ServiceInstance: Hashable, Sendable, Codable {
    var service: String
    var pid: Int32
    /// `host:port` or a URL of the health and metrics server.
    var http: String

    /// The address to ask, with a scheme.
    var address: String {
        http.contains("://") ? http : "http://\(http)"
    }
}
