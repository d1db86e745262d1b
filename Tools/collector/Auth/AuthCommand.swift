import ArgumentParser

/// `collector auth`: the account that the collector reads with.
struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth",
        abstract: "Log in with a Twitch account, see how it stands, or log out.",
        discussion: """
            Chat is collected without any account. With one, the gateway reads as that account, and stream detection has a
            token to ask Twitch with. Log in once: token-service keeps the tokens valid from then on.
            """,
        subcommands: [LoginCommand.self, AuthStatusCommand.self, LogoutCommand.self]
    )
}
