import AsyncHTTPClient
import FoundationEssentials
import ServiceRuntime
import TokenStore
import TwitchAPI

/// What the `auth` commands work with: the application, Twitch, and the token file.
struct AuthContext: Sendable {
    let settings: Settings
    let http: HTTPClient
    let authURL: APIBaseURL
    /// `TWITCH_CLIENT_ID`, where it is set.
    let clientID: String?
    /// `TWITCH_CLIENT_SECRET`, where it is set.
    let clientSecret: Secret?
    /// `STATE_DIR` as it is configured.
    let stateDirectory: String

    /// Runs `body` with the settings and an HTTP client that is closed afterwards.
    static func with<Result>(configFile: String?, _ body: (AuthContext) async throws -> Result) async throws -> Result {
        try await with(CommandSettings.load(configFile: configFile), body)
    }

    /// The same, with settings that are read already.
    static func with<Result>(_ settings: Settings, _ body: (AuthContext) async throws -> Result) async throws -> Result
    {
        CoreDumps.forbid()
        let url = try settings.string("TWITCH_AUTH_URL", default: "https://id.twitch.tv/oauth2")
        let authURL: APIBaseURL
        do throws(APIBaseURL.Refusal) {
            authURL = try APIBaseURL(url)
        } catch {
            // A password inside the URL must not be repeated.
            guard error != .credentials else { throw ConfigurationError("TWITCH_AUTH_URL: \(error.rawValue)") }
            throw ConfigurationError("TWITCH_AUTH_URL is '\(url)', which cannot be used; \(error.rawValue)")
        }
        let http = HTTPClient(configuration: .twitchAPI)
        let context = AuthContext(
            settings: settings,
            http: http,
            authURL: authURL,
            clientID: try settings.string("TWITCH_CLIENT_ID"),
            clientSecret: try settings.secret("TWITCH_CLIENT_SECRET"),
            stateDirectory: try settings.stateDirectoryPath()
        )
        do {
            let result = try await body(context)
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// The client for logging in.
    /// - Throws: one line that says where a client id comes from.
    func client() throws -> OAuthClient {
        guard let clientID else {
            throw CommandFailure(
                78,
                "TWITCH_CLIENT_ID is not set; register an application at https://dev.twitch.tv/console/apps with the OAuth "
                    + "Redirect URL http://localhost:3000/callback, and put TWITCH_CLIENT_ID=… and TWITCH_CLIENT_SECRET=… into .env"
            )
        }
        return client(for: clientID)
    }

    /// A client for the application that a token was made for.
    func client(for clientID: String) -> OAuthClient {
        OAuthClient(
            http: http,
            baseURL: authURL,
            clientID: clientID,
            clientSecret: clientID == self.clientID ? clientSecret : nil
        )
    }

    /// The token file in the state directory, which need not exist for reading.
    var file: TokenFile {
        var file = TokenFile(directory: stateDirectory)
        file.onWarning = { Terminal.error.write("warning: \($0)\n") }
        return file
    }

    /// The process ids of token services that run for this state directory.
    var tokenServices: [Int32] {
        ServiceObserver(stateDirectory: stateDirectory).instances()
            .filter { $0.service == "token-service" }
            .map(\.pid)
    }
}
