import ArgumentParser
import FoundationEssentials
import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

/// `collector auth status`: who is logged in, and for how long.
struct AuthStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show who is logged in, what the token allows and how long it lives.",
        discussion: """
            Asks Twitch whether the token is valid, unless --offline. Exit code 0 when the login is good, 77 when somebody has
            to log in (again), 75 when Twitch could not be asked.
            """
    )

    @Flag(name: .long, help: "As JSON; never a token.")
    var json = false

    @Flag(name: .long, help: "Only look at the token file; ask nobody.")
    var offline = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector auth status") {
            let status = try await AuthContext.with(configFile: configFile) { context in
                try await self.status(of: context)
            }
            let style = Style(isColoured: Terminal.output.isInteractive)
            Terminal.output.write(json ? try AuthStatusJSON(status).text : AuthStatusText(style: style).text(status))
            if status.exitCode != 0 { throw ExitCode(status.exitCode) }
        }
    }

    private func status(of context: AuthContext) async throws -> AuthStatus {
        let tokens = try context.file.read()
        var live = AuthStatus.Live.notAsked
        if !offline, let user = tokens?.user {
            let client = context.client(for: user.clientID ?? context.clientID ?? "")
            do throws(OAuthError) {
                live = .valid(try await client.validate(user.accessToken))
            } catch {
                live = error.code == .invalidToken ? .invalid : .unknown(error.message)
            }
        }
        let access = try context.settings.secret("TWITCH_ACCESS_TOKEN")
        let refresh = try context.settings.secret("TWITCH_REFRESH_TOKEN")
        return AuthStatus(
            file: context.file.path,
            tokens: tokens,
            live: live,
            now: WallClock.system.now(),
            tokenServices: context.tokenServices,
            hasUnimportedToken: (access != nil || refresh != nil)
                && !(tokens?.knows(access: access, refresh: refresh) ?? false)
        )
    }
}
