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
            Chat is read anonymously from then on; a running gateway keeps its connection until it reconnects. The lines
            TWITCH_ACCESS_TOKEN and TWITCH_REFRESH_TOKEN are taken out of .env too. When Twitch cannot be reached nothing is
            removed, so that it can be tried again: exit code 75.
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
                let stored = try context.file.read()
                let written = try environmentPair(context, unlike: stored)
                guard stored?.user != nil || written != nil else {
                    _ = try EnvironmentTokens().remove()
                    Terminal.output.write("Nobody is logged in.\n")
                    return
                }
                var isRevoked = true
                if let written { isRevoked = try await revoke(written, context, isOurs: false) }
                if let user = stored?.user { isRevoked = try await logOut(user, context) && isRevoked }
                let isCleared = try EnvironmentTokens().remove()
                report(stored?.user, isRevoked: isRevoked, isCleared: isCleared, context)
                try warnOfEnvironment(context)
            }
        }
    }

    /// The pair that `.env` or the environment has and that was never taken over: token-service would log in with it.
    private func environmentPair(_ context: AuthContext, unlike stored: StoredTokens?) throws -> StoredToken? {
        let access = try context.settings.secret("TWITCH_ACCESS_TOKEN")
        let refresh = try context.settings.secret("TWITCH_REFRESH_TOKEN")
        guard access != nil || refresh != nil, stored?.knows(access: access, refresh: refresh) != true else {
            return nil
        }
        let text = access?.reveal() ?? ""
        return StoredToken(
            accessToken: Secret(text.lowercased().hasPrefix("oauth:") ? String(text.dropFirst(6)) : text),
            refreshToken: refresh
        )
    }

    /// - Returns: Whether Twitch has revoked the tokens.
    private func logOut(_ first: StoredToken, _ context: AuthContext) async throws -> Bool {
        var user = first
        while true {
            let isRevoked = try await revoke(user, context, isOurs: true)
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

    /// `isOurs`: the application that the pair was made for is known.
    private func revoke(_ user: StoredToken, _ context: AuthContext, isOurs: Bool) async throws -> Bool {
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
        for token in [user.accessToken, user.refreshToken].compactMap(\.self) where !token.reveal().isEmpty {
            do throws(OAuthError) {
                try await client.revoke(token)
            } catch {
                if error.code == .invalidToken { continue }
                if force || (!isOurs && error.code == .clientRefused) { return false }
                throw CommandFailure(
                    error.isRetriable ? 75 : 78,
                    "\(error.message); nothing was removed, try again, or add --force"
                )
            }
        }
        return true
    }

    private func report(_ user: StoredToken?, isRevoked: Bool, isCleared: Bool, _ context: AuthContext) {
        let name = user?.login.map { " of \($0.printable)" } ?? ""
        let revoked = isRevoked ? "revoked at Twitch and removed" : "removed, but not revoked at Twitch"
        let places = [user == nil ? nil : context.file.path, isCleared ? ".env" : nil].compactMap(\.self)
        Terminal.output.write(
            """
            The tokens\(name) are \(revoked)\(places.isEmpty ? "" : " from " + places.joined(separator: " and ")). \
            Chat is read anonymously from the next connection on.
            To take all access away from the application: https://www.twitch.tv/settings/connections

            """
        )
    }

    /// What is set beside `.env` is not ours to change.
    private func warnOfEnvironment(_ context: AuthContext) throws {
        let settings = try CommandSettings.load(configFile: configFile)
        let access = try settings.secret("TWITCH_ACCESS_TOKEN")
        let refresh = try settings.secret("TWITCH_REFRESH_TOKEN")
        guard access != nil || refresh != nil,
            try context.file.read()?.knows(access: access, refresh: refresh) != true
        else { return }
        Terminal.error.write(
            "warning: TWITCH_ACCESS_TOKEN or TWITCH_REFRESH_TOKEN is still set in the environment or the settings file, and "
                + "token-service might log in with it again; remove it there\n"
        )
    }
}
