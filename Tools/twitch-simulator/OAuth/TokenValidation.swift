/// `GET /oauth2/validate` and `POST /oauth2/revoke`.
extension AuthorizationServer {
    /// The token of an `Authorization` header.
    static func token(ofHeader header: String?) -> String? {
        for prefix in ["OAuth ", "Bearer "] {
            if let header, header.hasPrefix(prefix) {
                let token = String(header.dropFirst(prefix.count))
                return token.isEmpty ? nil : token
            }
        }
        return nil
    }

    func validate(_ header: String?, at now: Int64, audit: inout AuditEntry) throws(OAuthRefusal)
        -> (token: AccessToken, expiresIn: Int)
    {
        guard let token = Self.token(ofHeader: header) else { throw .missingAuthorization }
        audit.fingerprint = TokenText.fingerprint(token)
        // Of a dead token too: who asked is worth knowing.
        audit.clientID = self.accessTokens[token]?.clientID
        audit.userID = self.accessTokens[token]?.userID
        guard let found = self.live(token, at: now) else { throw .invalidAccessToken }
        return (found, Int((found.expiresAt - now) / 1000))
    }

    mutating func revoke(_ form: FormFields, at now: Int64, audit: inout AuditEntry) throws(OAuthRefusal) {
        guard let id = form["client_id"] else { throw .missingClientID }
        guard self.settings.clients.contains(where: { $0.id == id }) else { throw .unknownClient }
        guard let token = form["token"] else { throw .missing("token") }
        audit.fingerprint = TokenText.fingerprint(token)
        audit.userID = self.accessTokens[token]?.userID
        guard let found = self.live(token, at: now), found.clientID == id else { throw .invalidToken }
        self.accessTokens[token]?.isRevoked = true
    }
}
