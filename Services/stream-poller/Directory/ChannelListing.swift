import ServiceRuntime

/// How a list of channels names one: the same text may be a login and somebody else's id.
enum ChannelListing: Hashable, Sendable, Codable {
    case login(String)
    case id(String)

    var text: String {
        switch self {
        case .login(let text), .id(let text): text
        }
    }

    static func all(of list: ChannelList) -> [ChannelListing] {
        list.logins.map { .login($0) } + list.userIDs.map { .id($0) }
    }
}
