import ArgumentParser
import ServiceRuntime
import TokenStore
import TwitchAPI

/// `collector auth logout`: makes the tokens worthless at Twitch, then forgets them.
struct LogoutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Revoke the tokens at Twitch and remove them from this machine.",
        discussion: """
            Chat is read anonymously from then on; a running gateway keeps its connection until it reconnects. When Twitch cannot
            be reached nothing is removed, so that it can be tried again: exit code 75.
            """
    )

    @Flag(
        name: .long,
        help: "Remove the tokens even when Twitch cannot be reached; they stay valid there until they expire."
    )
    var force = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector auth logout") {
            try await AuthContext.with(configFile: configFile) { context in
                guard let user = try context.file.read()?.user else {
                    Terminal.output.write("Nobody is logged in.\n")
                    return
                }
                let isRevoked = try await logOut(user, context)
                report(user, isRevoked: isRevoked, context)
                try warnOfEnvironment(context)
            }
        }
    }

    /// - Returns: Whether Twitch has revoked the tokens.
    private func logOut(_ first: StoredToken, _ context: AuthContext) async throws -> Bool {
        var user = first
        while true {
            let isRevoked = try await revoke(user, context)
            // token-service may have put a new pair there meanwhile, which has to be revoked as well.
            let left = try context.file.update { [user] tokens -> StoredToken? in
                guard let current = tokens.user, !current.isSamePair(as: user) else {
                    tokens.logOut()
                    return nil
                }
                return current
            }
            guard let left else { return isRevoked }
            user = left
        }
    }

    private func revoke(_ user: StoredToken, _ context: AuthContext) async throws -> Bool {
        guard let clientID = user.clientID ?? context.clientID else {
            guard force else {
                throw CommandFailure(
                    78,
                    "TWITCH_CLIENT_ID is not set, so nothing can be revoked; set it, or add --force"
                )
            }
            return false
        }
        let client = context.client(for: clientID)
        // An access token that has expired cannot be revoked; its refresh token would live on.
        for token in [user.accessToken, user.refreshToken].compactMap(\.self) {
            do throws(OAuthError) {
                try await client.revoke(token)
            } catch {
                if error.code == .invalidToken { continue }
                if force { return false }
                throw CommandFailure(
                    error.isRetriable ? 75 : 78,
                    "\(error.message); nothing was removed, try again, or add --force"
                )
            }
        }
        return true
    }

    private func report(_ user: StoredToken, isRevoked: Bool, _ context: AuthContext) {
        let name = user.login.map { " of \($0.printable)" } ?? ""
        let revoked = isRevoked ? "revoked at Twitch and removed" : "removed, but not revoked at Twitch"
        Terminal.output.write(
            """
            The tokens\(name) are \(revoked) from \(context.file.path). Chat is read anonymously from the next connection on.
            To take all access away from the application: https://www.twitch.tv/settings/connections

            """
        )
    }

    private func warnOfEnvironment(_ context: AuthContext) throws {
        let access = try context.settings.secret("TWITCH_ACCESS_TOKEN")
        let refresh = try context.settings.secret("TWITCH_REFRESH_TOKEN")
        guard access != nil || refresh != nil,
            try context.file.read()?.knows(access: access, refresh: refresh) != true
        else { return }
        Terminal.error.write(
            "warning: TWITCH_ACCESS_TOKEN or TWITCH_REFRESH_TOKEN is still set, and token-service would log in with it again; "
                + "remove it from the environment and .env\n"
        )
    }
}
