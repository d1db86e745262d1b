/// The names of the checks, as the report shows them.
extension String {
    static let channels = "channels"
    static let directories = "directories"
    static let diskSpace = "disk space"
    static let keys = "keys"
    static let chatServer = "chat server"
    static let apiServer = "API server"
    static let loginServer = "login server"
    static let clock = "clock"
    static let clockHere = "date of this machine"
    static let token = "token"
    static let helix = "Helix"
    static let channelNames = "channel names"
    static let chatLogin = "chat login"
    static let database = "database"

    static func settings(of service: String) -> String { "settings of \(service)" }
    static func name(of host: String) -> String { "name \(host)" }
}
