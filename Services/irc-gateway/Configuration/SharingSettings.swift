import ServiceRuntime

/// What a person may set of how gateways share the channels.
struct SharingSettings: Hashable, Sendable {
    /// `GATEWAY_REPLICAS`: how many gateways read each channel.
    var replicas: Int
    /// `GATEWAY_COUNT` and `GATEWAY_INDEX`; nil where gateways find each other below `STATE_DIR`.
    var place: GatewayPlace?

    /// ## Configuration keys:
    /// - `GATEWAY_REPLICAS`: 1 (default) or 2.
    /// - `GATEWAY_COUNT`: how many gateways there are, where they do not share a `STATE_DIR`; 1 to 1024.
    /// - `GATEWAY_INDEX`: which of them this is, from 0.
    init(_ settings: Settings) throws {
        replicas = try settings.integer("GATEWAY_REPLICAS", default: 1, in: 1...2)
        let hasCount = try settings.string("GATEWAY_COUNT") != nil
        let hasIndex = try settings.string("GATEWAY_INDEX") != nil
        guard hasCount || hasIndex else { return }
        guard hasCount, hasIndex else {
            throw ConfigurationError(
                "GATEWAY_\(hasCount ? "COUNT" : "INDEX") is set and GATEWAY_\(hasCount ? "INDEX" : "COUNT") is not; "
                    + "set both, or neither where the gateways share a STATE_DIR"
            )
        }
        let count = try settings.integer("GATEWAY_COUNT", default: 1, in: 1...1024)
        place = GatewayPlace(
            index: try settings.integer("GATEWAY_INDEX", default: 0, in: 0...count - 1),
            count: count
        )
    }
}

extension GatewayPlace {
    /// The name of a gateway that the others only know from the settings.
    var name: String { Self.name(index) }

    /// The others, who are taken to be always there.
    var others: [GatewayMember] { (0..<count).filter { $0 != index }.map { GatewayMember(name: Self.name($0)) } }

    private static func name(_ index: Int) -> String { "gateway-\(index)" }
}
