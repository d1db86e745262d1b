import Crypto

/// Names a token without telling it.
package enum TokenFingerprint {
    /// The first 16 hexadecimal digits of the token's SHA-256.
    package static func of(_ token: String) -> String {
        HexDigits.of(SHA256.hash(data: Array(token.utf8)).prefix(8))
    }
}
