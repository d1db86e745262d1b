import Protocol
import ServiceRuntime
import TokenStore
import TwitchAPI
import TwitchChat

/// The application and the account: what is stored, and what Twitch says of it.
struct TokenCheck: Sendable {
    let context: AuthContext
    let clock: WallClock
    let notes: DoctorNotes

    func look() async throws -> String {
        let stored = try await Patience.blocking { [file = context.file] in try file.read() }
        var parts: [String] = []
        if let refusal = stored?.refusal {
            throw Self.loginOver("Twitch refused to renew the login: \(refusal.reason)")
        }
        if let user = try user(stored) { parts.append(try await examine(user)) }
        let hasApplication = context.clientID != nil && context.clientSecret != nil
        if hasApplication || !parts.isEmpty {
            let token = try await CheckToken(context)
            notes.note { $0.helix = token }
            if hasApplication { parts.append("the application is accepted") }
        }
        guard !parts.isEmpty else {
            throw NotApplicable(
                reason: "no application and no login: chat is read anonymously, and nobody asks who is live"
            )
        }
        return parts.joined(separator: "; ")
    }

    /// The account that is logged in, or that token-service will take over when it starts.
    private func user(_ stored: StoredTokens?) throws -> StoredToken? {
        if let user = stored?.user { return user }
        guard let access = try context.settings.secret("TWITCH_ACCESS_TOKEN"),
            stored?.knows(access: access, refresh: nil) != true
        else { return nil }
        return StoredToken(
            accessToken: Secret(access.reveal().withoutScheme),
            refreshToken: try context.settings.secret("TWITCH_REFRESH_TOKEN")
        )
    }

    private func examine(_ user: StoredToken) async throws -> String {
        let client = context.client(for: user.clientID ?? context.clientID ?? "")
        let validation: TokenValidation
        do throws(OAuthError) {
            validation = try await client.validate(user.accessToken)
        } catch {
            guard error.code == .invalidToken else { throw CommandFailure(error) }
            return try renewable(user)
        }
        if let own = context.clientID, let its = validation.clientID, own != its {
            throw Complaint(
                ExitStatus.configuration.rawValue,
                "the token was made for another application than TWITCH_CLIENT_ID, and cannot be renewed with this one",
                advice: "set the TWITCH_CLIENT_ID it was made with, or log in again with: collector auth login"
            )
        }
        let scopes = validation.scopes ?? user.scopes ?? []
        guard scopes.contains("chat:read") else {
            throw Self.loginOver("the token lacks the scope chat:read, so that chat is read anonymously")
        }
        let login = (validation.login ?? user.login ?? "an unknown account").lowercased()
        notes.note { $0.account = .account(login: login, token: user.accessToken) }
        let end = validation.expiresIn.map { "valid for \(AuthStatusText.span(Int($0.components.seconds)))" }
        return "\(login), \(scopes.joined(separator: " ")), \(end ?? "valid, no end known")"
    }

    /// Twitch does not know the access token any more: after its time that is no trouble, before it somebody revoked it.
    private func renewable(_ user: StoredToken) throws -> String {
        let name = user.login ?? "the account"
        guard user.refreshToken != nil, let end = user.expiresAt, end <= clock.now() else {
            throw Self.loginOver("Twitch does not accept the token of \(name) any more: it was revoked, or has expired")
        }
        guard context.tokenServices.isEmpty else {
            throw Self.loginOver("the token of \(name) has expired, and token-service has not renewed it; see its log")
        }
        return "the token of \(name) has expired; token-service renews it when it starts"
    }

    private static func loginOver(_ text: String) -> Complaint {
        Complaint(77, text, advice: "log in again with: collector auth login")
    }
}

extension String {
    /// The predecessor's users wrote tokens with and without `oauth:`.
    fileprivate var withoutScheme: String { hasPrefix("oauth:") ? String(dropFirst(6)) : self }
}
