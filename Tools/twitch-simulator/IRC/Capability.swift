/// What a client asked for with `CAP REQ`.
enum Capability: String, CaseIterable, Sendable {
    case tags = "twitch.tv/tags"
    case commands = "twitch.tv/commands"
    case membership = "twitch.tv/membership"
}

/// The commands that arrive only with `twitch.tv/commands`.
enum CommandsCapability {
    static let commands: Set<String> = [
        "CLEARCHAT", "CLEARMSG", "GLOBALUSERSTATE", "NOTICE", "RECONNECT", "ROOMSTATE", "USERNOTICE", "USERSTATE",
    ]
}
