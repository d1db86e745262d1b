import ServiceRuntime
import TokenStore
import TwitchAPI

/// What one look at Twitch identifies itself with: there is nobody who could bring another token.
struct CheckToken: AccessTokenSource {
    private let held: HelixCredentials

    func credentials() async -> HelixCredentials? { held }
    func rejected(_ credentials: HelixCredentials, reason: String) async {}
    func replacement(of credentials: HelixCredentials, within limit: Duration) async -> HelixCredentials? { nil }

    /// An app token where there is a client secret, else the token of the account that is logged in.
    ///
    /// The account's token is used as it is: refreshing it is the token-service's business alone.
    init(_ context: AuthContext) async throws {
        if let clientID = context.clientID, context.clientSecret != nil {
            let grant: TokenGrant
            do throws(OAuthError) {
                grant = try await context.client(for: clientID).clientCredentials()
            } catch {
                throw CommandFailure(error)
            }
            held = HelixCredentials(clientID: clientID, token: grant.accessToken, kind: "app")
            return
        }
        let stored = try context.file.read()?.user
        let token = try stored?.accessToken ?? context.settings.secret("TWITCH_ACCESS_TOKEN")
        guard let token, let clientID = stored?.clientID ?? context.clientID else {
            throw CommandFailure(
                78,
                "there is nothing to ask Twitch with; set TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET, log in with: "
                    + "collector auth login, or start the stream-poller"
            )
        }
        held = HelixCredentials(clientID: clientID, token: token, kind: "user")
    }
}
