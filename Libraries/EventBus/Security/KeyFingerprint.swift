import Crypto
import ZeroMQ

/// A short name of a public key, for people who compare two machines.
package enum KeyFingerprint {
    /// The first 16 hexadecimal digits of the SHA-256 of the key's 32 bytes; nil for what is no key in Z85.
    package static func of(_ publicKey: String) -> String? {
        guard let bytes = CurveKeyText.bytes(publicKey) else { return nil }
        return HexDigits.of(SHA256.hash(data: bytes).prefix(8))
    }
}

/// Bytes as lowercase hexadecimal digits.
enum HexDigits {
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
