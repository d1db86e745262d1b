extension TokenIssued: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("kind", kind)
        json.field("access_token", accessToken)
        json.field("login", login)
        json.field("user_id", userID)
        json.field("client_id", clientID)
        json.field("scopes", scopes)
        json.field("expires_at", expiresAt)
        json.field("version", version)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> TokenIssued {
        var members = try json.members(keys)
        var kind: String?
        var accessToken: String?
        var login: String?
        var userID: String?
        var clientID: String?
        var scopes: [String]?
        var expiresAt: Timestamp?
        var version: Int?
        while let key = try json.next(&members) {
            switch key {
            case .kind: kind = try json.value()
            case .accessToken: accessToken = try json.value()
            case .login: login = try json.value()
            case .userID: userID = try json.value()
            case .clientID: clientID = try json.value()
            case .scopes: scopes = try json.value()
            case .expiresAt: expiresAt = try json.value()
            case .version: version = try json.value()
            }
        }
        return TokenIssued(
            kind: try json.require(kind, CodingKeys.kind),
            accessToken: try json.require(accessToken, CodingKeys.accessToken),
            login: login,
            userID: userID,
            clientID: try json.require(clientID, CodingKeys.clientID),
            scopes: try json.require(scopes, CodingKeys.scopes),
            expiresAt: expiresAt,
            version: try json.require(version, CodingKeys.version)
        )
    }
}

extension TokenRejected: JSONValue {
    private static let keys = JSONKeys(CodingKeys.self)

    func write(to json: inout JSONWriter) {
        json.byte("{")
        json.field("kind", kind)
        json.field("fingerprint", fingerprint)
        json.field("reason", reason)
        json.field("rejected_at", rejectedAt)
        json.byte("}")
    }

    static func read(from json: inout JSONReader) throws(EnvelopeError) -> TokenRejected {
        var members = try json.members(keys)
        var kind: String?
        var fingerprint: String?
        var reason: String?
        var rejectedAt: Timestamp?
        while let key = try json.next(&members) {
            switch key {
            case .kind: kind = try json.value()
            case .fingerprint: fingerprint = try json.value()
            case .reason: reason = try json.value()
            case .rejectedAt: rejectedAt = try json.value()
            }
        }
        return TokenRejected(
            kind: try json.require(kind, CodingKeys.kind),
            fingerprint: try json.require(fingerprint, CodingKeys.fingerprint),
            reason: try json.require(reason, CodingKeys.reason),
            rejectedAt: try json.require(rejectedAt, CodingKeys.rejectedAt)
        )
    }
}
