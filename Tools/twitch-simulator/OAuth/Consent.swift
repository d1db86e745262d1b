/// A person in front of the consent page of the authorization code flow.
struct Consent: Sendable {
    let clientID: String
    let redirectURI: String
    let scopes: [String]
    let state: String?
    let expiresAt: Int64
}

/// A code that a redirect brought to the application.
struct AuthorizationCode: Sendable {
    let clientID: String
    let redirectURI: String
    let userID: String
    let scopes: [String]
    let expiresAt: Int64
}

/// `GET /oauth2/authorize` and the decision on its page.
extension AuthorizationServer {
    /// What the browser gets first.
    enum ConsentStart: Sendable {
        /// The page, whose form names this consent.
        case page(id: String, Consent)
        case redirect(String)
    }

    /// Opens the consent page.
    mutating func startConsent(_ query: FormFields, at now: Int64) throws(OAuthRefusal) -> ConsentStart {
        let client = try self.client(query)
        guard !client.isPublic else {
            throw OAuthRefusal(
                message: "public clients can use the device code flow only",
                error: "unauthorized_client"
            )
        }
        guard let redirectURI = query["redirect_uri"] else { throw .missing("redirect uri") }
        guard self.settings.redirectURIs.allow(redirectURI) else { throw .redirectMismatch }
        let state = query["state"]
        guard query["response_type"] == "code" else {
            return .redirect(
                Self.failure(redirectURI, "unsupported_response_type", "Response type must be code", state)
            )
        }
        let scopes: [String]?
        do {
            scopes = try Self.scopes(query["scope"])
        } catch {
            return .redirect(Self.failure(redirectURI, "invalid_scope", error.message, state))
        }
        self.consents = self.consents.filter { $0.value.expiresAt > now }
        let id = TokenText.secret(32)
        let consent = Consent(
            clientID: client.id,
            redirectURI: redirectURI,
            scopes: scopes ?? [],
            state: state,
            expiresAt: now + 1_800_000
        )
        self.consents[id] = consent
        return .page(id: id, consent)
    }

    /// The person decides: `userID` is who approves; `nil` denies.
    ///
    /// - Returns: where the browser goes; `nil` when the page is too old or was used.
    mutating func decide(consent id: String, userID: String?, at now: Int64) -> String? {
        guard let consent = self.consents.removeValue(forKey: id), consent.expiresAt > now else { return nil }
        guard let userID else {
            return Self.failure(consent.redirectURI, "access_denied", "The user denied you access", consent.state)
        }
        self.codes = self.codes.filter { $0.value.expiresAt > now }
        let code = TokenText.secret(30)
        self.codes[code] = AuthorizationCode(
            clientID: consent.clientID,
            redirectURI: consent.redirectURI,
            userID: userID,
            scopes: consent.scopes,
            expiresAt: now + Int64(self.settings.codeLifetime) * 1000
        )
        return Self.location(
            consent.redirectURI,
            [("code", code), ("scope", consent.scopes.joined(separator: " ")), ("state", consent.state)]
        )
    }

    /// The scopes of a space-separated list; `nil` when there are none.
    static func scopes(_ text: String?) throws(OAuthRefusal) -> [String]? {
        guard let text else { return nil }
        let scopes = text.split(separator: " ").map(String.init)
        for scope in scopes {
            let isOne =
                scope.contains(":") || scope == "openid"
                ? scope.allSatisfy { ("a"..."z").contains($0) || $0 == ":" || $0 == "_" } : false
            guard isOne else { throw OAuthRefusal(message: "invalid scope requested: '\(scope)'") }
        }
        return scopes.isEmpty ? nil : scopes
    }

    private static func failure(_ uri: String, _ error: String, _ description: String, _ state: String?) -> String {
        self.location(uri, [("error", error), ("error_description", description), ("state", state)])
    }

    private static func location(_ uri: String, _ fields: [(String, String?)]) -> String {
        let query = fields.compactMap { name, value in value.map { "\(name)=\(FormFields.encode($0))" } }
        return uri + (uri.contains("?") ? "&" : "?") + query.joined(separator: "&")
    }
}
