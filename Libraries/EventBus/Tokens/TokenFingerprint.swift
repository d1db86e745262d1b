import Crypto

/// Names a token without telling it.
package enum TokenFingerprint {
    /// The first 16 hexadecimal digits of the token's SHA-256.
    package static func of(_ token: String) -> String {
        SHA256.hash(data: Array(token.utf8)).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
