/// Where a service answers `/health` and `/metrics`.
package struct HTTPSettings: Hashable, Sendable {
    /// The address to bind, or a name for it; IPv6 without brackets.
    package var host: String
    /// 0: any free port. Nil: no HTTP server.
    package var port: Int?
    /// The variable that decided or could decide the port: for messages.
    package var variable: String

    static let defaultPorts: [String: Int?] = [
        "irc-gateway": 9101, "stream-poller": 9102, "token-service": 9103, "writer": 9104, "twitch-simulator": nil,
    ]

    /// `IRC_GATEWAY_HTTP_PORT`: for hosts where one file configures several services.
    static func variable(for service: String) -> String {
        service.uppercased().map { $0 == "-" ? "_" : String($0) }.joined() + "_HTTP_PORT"
    }

    /// `HTTP_HOST` and, strongest first, `<SERVICE>_HTTP_PORT`, `HTTP_PORT`, the service's own default.
    package init(_ settings: Settings, service: String) throws {
        self.host = LocalAddress.bare(try settings.string("HTTP_HOST", default: "127.0.0.1"))
        let own = Self.variable(for: service)
        if try settings.string(own) != nil {
            self.variable = own
            self.port = try settings.integer(own, default: 0, in: 0...65_535)
            return
        }
        self.variable = "HTTP_PORT"
        // A service without a default port is a tool: the port that all services share is not meant for it.
        guard let standard = Self.defaultPorts[service] ?? 0 else { return }
        self.port = try settings.integer("HTTP_PORT", default: standard, in: 0...65_535)
    }
}
