/// The metadata keys of the token service's log lines.
enum TokenLogKey {
    static let kind = "token.kind"
    static let fingerprint = "token.fingerprint"
    static let login = "token.login"
    static let scopes = "token.scopes"
    static let expiresAt = "token.expires_at"
    static let canRefresh = "token.can_refresh"
    static let clockStep = "clock.step"
    static let reason = "reason"
    static let file = "file.path"
}
