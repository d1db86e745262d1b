import Protocol

/// What a token is good for on IRC.
enum AccountLogin: Hashable, Sendable {
    /// PASS and NICK can be sent; the login is lowercase.
    case usable(login: String)
    /// One line that says why not.
    case unusable(String)

    init(_ token: TokenIssued, at now: Timestamp) {
        let login = token.login?.lowercased() ?? ""
        // What goes into a line must not be able to end it.
        let isLogin = !login.isEmpty && login.utf8.allSatisfy(Self.isLoginByte)
        let isToken = !token.accessToken.isEmpty && token.accessToken.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        if !isLogin || !isToken {
            self = .unusable("the token does not belong to a user; log in with: collector auth login")
        } else if !token.scopes.contains("chat:read") {
            self = .unusable("the token of \(login) lacks the scope chat:read; log in again with: collector auth login")
        } else if let expiry = token.expiresAt, expiry <= now {
            self = .unusable("the token of \(login) has expired; is token-service running?")
        } else {
            self = .usable(login: login)
        }
    }

    private static func isLoginByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "_")
    }
}
