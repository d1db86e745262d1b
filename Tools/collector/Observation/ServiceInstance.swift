/// A running service as it announced itself in the state directory.
struct ServiceInstance: Hashable, Sendable {
    var service: String
    var pid: Int32
    /// `host:port` or a URL of the health and metrics server.
    var http: String

    /// The address to ask, with a scheme.
    var address: String {
        http.contains("://") ? http : "http://\(http)"
    }
}
