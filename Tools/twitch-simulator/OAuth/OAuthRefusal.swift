/// Why the authorization server refuses a request: `{"status":400,"message":"…"}`.
struct OAuthRefusal: Error, Equatable {
    var status = 400
    var message: String
    /// Some refusals carry a third key.
    var error: String?

    static let missingClientID = OAuthRefusal(message: "missing client id")
    static let invalidClient = OAuthRefusal(message: "invalid client")
    static let missingClientSecret = OAuthRefusal(message: "missing client secret")
    static let invalidClientSecret = OAuthRefusal(status: 403, message: "invalid client secret")
    static let missingGrantType = OAuthRefusal(message: "missing grant type")
    static let unsupportedGrantType = OAuthRefusal(message: "unsupported grant type")
    static let invalidCode = OAuthRefusal(message: "Invalid authorization code")
    static let invalidDeviceCode = OAuthRefusal(message: "invalid device code")
    static let authorizationPending = OAuthRefusal(message: "authorization_pending")
    static let slowDown = OAuthRefusal(message: "slow_down")
    /// Twitch does not document what a denial looks like to the device; this is RFC 8628's word.
    static let accessDenied = OAuthRefusal(message: "access_denied")
    static let invalidRefreshToken = OAuthRefusal(message: "Invalid refresh token", error: "Bad Request")
    static let redirectMismatch = OAuthRefusal(
        message: "Parameter redirect_uri does not match registered URI",
        error: "redirect_mismatch"
    )
    static let invalidAccessToken = OAuthRefusal(status: 401, message: "invalid access token")
    static let missingAuthorization = OAuthRefusal(status: 401, message: "missing authorization token")
    static let unknownClient = OAuthRefusal(status: 404, message: "client does not exist")
    static let invalidToken = OAuthRefusal(message: "Invalid token")

    static func missing(_ field: String) -> Self { OAuthRefusal(message: "missing \(field)") }

    var reply: TwitchReply {
        var keys: [String: JSONValue] = ["status": .number(self.status), "message": .string(self.message)]
        if let error { keys["error"] = .string(error) }
        return .json(.object(keys), status: self.status)
    }
}
