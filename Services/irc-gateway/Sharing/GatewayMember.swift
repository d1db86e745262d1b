/// Another gateway that shares the channels, as far as this one knows.
struct GatewayMember: Hashable, Sendable {
    var name: String
    /// What it says of itself; nil for one that is only known by the settings: it wants every channel and reads its share.
    var report: Report?

    /// What a gateway tells the others.
    struct Report: Hashable, Sendable, Codable {
        /// The channels on its list.
        var wanted: Set<String>
        /// Those that it listens to.
        var joined: Set<String>
    }

    func wants(_ login: String) -> Bool { report?.wanted.contains(login) ?? true }
    func listens(to login: String) -> Bool { report?.joined.contains(login) ?? true }
}
