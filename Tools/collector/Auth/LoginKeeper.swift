import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI

/// Turns a grant into a login: asks Twitch whose it is, and stores it.
struct LoginKeeper: Sendable {
    var client: OAuthClient
    var file: TokenFile
    var clock = WallClock.system

    /// Nothing is stored unless Twitch says who it is.
    func keep(_ grant: TokenGrant) async throws -> StoredToken {
        let validation = try await validated(grant.accessToken)
        guard let login = validation.login else {
            throw CommandFailure(77, "Twitch gave a token that belongs to no user; nothing was stored")
        }
        let now = clock.now()
        let token = StoredToken(
            accessToken: grant.accessToken,
            refreshToken: grant.refreshToken,
            clientID: validation.clientID,
            login: login,
            userID: validation.userID,
            scopes: validation.scopes,
            obtainedAt: now,
            // Ten years at most: the sum is a moment.
            expiresAt: validation.expiresIn.map { Timestamp(rawValue: now.rawValue + $0.components.seconds * 1000) },
            validatedAt: now
        )
        try file.update { $0.logIn(token) }
        return token
    }

    /// A code can be exchanged once only, so that a hiccup here must not cost the login.
    private func validated(_ token: Secret) async throws -> TokenValidation {
        for pause in [Duration.seconds(2), .seconds(5), .seconds(10)] {
            do throws(OAuthError) {
                return try await client.validate(token)
            } catch {
                guard error.isRetriable else { throw CommandFailure(error) }
                // The person waits in front of the browser: half a minute is what they are asked for at most.
                try await Task.sleep(for: max(pause, min(error.retryAfter ?? .zero, .seconds(30))))
            }
        }
        do throws(OAuthError) {
            return try await client.validate(token)
        } catch {
            throw CommandFailure(error)
        }
    }
}
