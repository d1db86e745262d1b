import ServiceRuntime
import TokenStore

/// `TWITCH_ACCESS_TOKEN` and `TWITCH_REFRESH_TOKEN` as the environment or `.env` has them.
struct ImportedTokens: Hashable, Sendable {
    var access: Secret?
    var refresh: Secret?

    /// Nil when neither is set. The `oauth:` that chat programs put before a token is taken off.
    init?(access: Secret?, refresh: Secret?) {
        guard access != nil || refresh != nil else { return nil }
        self.access = access.map { secret in
            let text = secret.reveal()
            return text.lowercased().hasPrefix("oauth:") ? Secret(String(text.dropFirst(6))) : secret
        }
        self.refresh = refresh
    }

    /// Takes the pair over, unless it was here before: the file holds what it was renewed to since.
    ///
    /// Whether it was taken. A pair that was never seen is a wish of the person who wrote it, and wins.
    func takeOver(into tokens: inout StoredTokens) -> Bool {
        guard !tokens.knows(access: self.access, refresh: self.refresh) else { return false }
        // With the refresh token alone, the first access token is asked for with it.
        tokens.logIn(StoredToken(accessToken: self.access ?? Secret(""), refreshToken: self.refresh))
        return true
    }
}
