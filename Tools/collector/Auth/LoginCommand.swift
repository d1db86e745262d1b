import ArgumentParser
import FoundationEssentials
import ServiceRuntime
import TokenStore
import TwitchAPI

/// `collector auth login`: in a browser, or with a code on any other device.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log in with a Twitch account, once.",
        discussion: """
            Needs an application of your own, from https://dev.twitch.tv/console/apps: its id in TWITCH_CLIENT_ID and, unless
            it is a public one, its secret in TWITCH_CLIENT_SECRET (in the environment or in .env). In the application,
            http://localhost:3000/callback has to be among the OAuth Redirect URLs; --device needs none.

            The tokens go to tokens.json in STATE_DIR, for your user only. A running token-service takes them over within
            two seconds and keeps them valid.

            Exit code 0 when logged in, 69 when the port is taken, 75 when nobody logged in in time or Twitch cannot be
            reached, 77 when access was denied, 78 when a setting is missing or wrong.
            """
    )

    @Flag(name: .long, help: "Show a code to enter on any other device, for servers without a browser.")
    var device = false

    @Option(name: .long, help: "Wait for the browser on this port of localhost.")
    var port = 3000

    @Option(name: .long, help: "Ask for this scope beside chat:read; may be repeated.")
    var scope: [String] = []

    @Flag(name: .long, help: "Ask for consent even if it was given before, so that another account can be chosen.")
    var forceVerify = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector auth login") {
            try await AuthContext.with(configFile: configFile) { context in
                let client = try context.client()
                guard device || !client.isPublic else {
                    throw CommandFailure(
                        78,
                        "TWITCH_CLIENT_SECRET is not set, and a login in the browser needs it; a public application has none "
                            + "and logs in with: collector auth login --device"
                    )
                }
                _ = try context.settings.stateDirectory()
                try Self.clear(context.file)
                let keeper = LoginKeeper(client: client, file: context.file)
                let token = try await Interruption.ending(with: "stopped; nothing was changed") {
                    try await logIn(keeper)
                }
                report(token, context)
            }
        }
    }

    private func logIn(_ keeper: LoginKeeper) async throws -> StoredToken {
        let scopes = ["chat:read"] + scope.filter { $0 != "chat:read" }
        let style = Style(isColoured: Terminal.output.isInteractive)
        if device {
            return try await DeviceLogin(
                keeper: keeper,
                scopes: scopes,
                style: style,
                isInteractive: Terminal.output.isInteractive
            ).run()
        }
        return try await BrowserLogin(
            keeper: keeper,
            scopes: scopes,
            port: port,
            forceVerify: forceVerify,
            browser: WebBrowser(environment: ProcessInfo.processInfo.environment),
            style: style
        ).run()
    }

    /// What is wrong with the token file is found out before a person is asked for anything.
    private static func clear(_ file: TokenFile) throws {
        if let aside = try file.setDamagedAside() {
            Terminal.error.write("warning: \(file.path) was damaged; it is kept as \(aside)\n")
        }
        _ = try file.read()
    }

    private func report(_ token: StoredToken, _ context: AuthContext) {
        let style = Style(isColoured: Terminal.output.isInteractive)
        let next =
            context.tokenServices.isEmpty
            ? "Next: collector run   (starts token-service, which keeps the login valid)"
            : "token-service is running and takes it over within two seconds; the gateway uses it at its next reconnect."
        Terminal.output.write(
            """
              \(style.green("✓")) Logged in as \(style.bold((token.login ?? "").printable)), scopes: \
            \((token.scopes ?? []).joined(separator: " ").printable)
                Tokens are in \(context.file.path), for your user only.
                \(next)

            """
        )
    }

    func validate() throws {
        guard (1...65_535).contains(port) else {
            throw ValidationError("--port is \(port); expected a number from 1 to 65535.")
        }
        for scope in scope where scope.isEmpty || !scope.utf8.allSatisfy(Self.isScopeByte) {
            throw ValidationError("--scope is “\(scope.printable)”; expected a name such as user:read:chat.")
        }
    }

    private static func isScopeByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "_")
    }
}
