/// `POST /oauth2/token`.
extension AuthorizationServer {
    static let deviceGrantType = "urn:ietf:params:oauth:grant-type:device_code"

    mutating func token(_ form: FormFields, at now: Int64, audit: inout AuditEntry) throws(OAuthRefusal) -> TokenGrant {
        let client = try self.client(form)
        guard let grantType = form["grant_type"] else { throw .missingGrantType }
        let grant: TokenGrant
        switch grantType {
        case "client_credentials":
            try self.authenticate(client, form)
            grant = self.issueAppToken(client, at: now)
        case "authorization_code":
            try self.authenticate(client, form)
            grant = try self.exchange(form, client, at: now, audit: &audit)
        case "refresh_token":
            grant = try self.refresh(form, client, at: now, audit: &audit)
        case Self.deviceGrantType:
            grant = try self.pollDevice(form, client, at: now, audit: &audit)
        default:
            throw .unsupportedGrantType
        }
        audit.fingerprint = TokenText.fingerprint(grant.accessToken)
        audit.issuedRefreshFingerprint = grant.refreshToken.map(TokenText.fingerprint)
        return grant
    }

    // MARK: - Authorization code

    private mutating func exchange(
        _ form: FormFields,
        _ client: RegisteredClient,
        at now: Int64,
        audit: inout AuditEntry
    ) throws(OAuthRefusal) -> TokenGrant {
        guard let code = form["code"] else { throw .missing("code") }
        guard let redirectURI = form["redirect_uri"] else { throw .missing("redirect uri") }
        guard let found = self.codes[code], found.clientID == client.id, found.expiresAt > now else {
            throw .invalidCode
        }
        audit.userID = found.userID
        guard found.redirectURI == redirectURI else { throw .redirectMismatch }
        self.codes[code] = nil
        return self.issue(client, user: found.userID, scopes: found.scopes, at: now)
    }

    // MARK: - Refresh

    private mutating func refresh(
        _ form: FormFields,
        _ client: RegisteredClient,
        at now: Int64,
        audit: inout AuditEntry
    ) throws(OAuthRefusal) -> TokenGrant {
        guard let token = form["refresh_token"] else { throw .missing("refresh token") }
        if !client.isPublic { try self.authenticate(client, form) }
        guard let found = self.refreshTokens[token], found.clientID == client.id else { throw .invalidRefreshToken }
        audit.userID = found.userID
        if found.state == .spent {
            audit.spentRefresh = true
            // Somebody has a copy: Twitch cuts the whole connection of a public client's user.
            if client.isPublic { _ = self.disconnect(client: client.id, user: found.userID, at: now) }
            throw .invalidRefreshToken
        }
        guard found.state == .live, found.expiresAt.map({ $0 > now }) ?? true else { throw .invalidRefreshToken }
        guard client.isPublic || self.settings.rotatesRefreshTokens else {
            return self.renew(token, user: found.userID, client: client.id, scopes: found.scopes, at: now)
        }
        self.refreshTokens[token]?.state = .spent
        if client.isPublic {
            for access in found.accessTokens { self.accessTokens[access]?.isRevoked = true }
        }
        return self.issue(client, user: found.userID, scopes: found.scopes, at: now)
    }
}
