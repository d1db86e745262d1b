import Crypto
package import ServiceRuntime

extension Secret {
    /// The first 16 hexadecimal digits of the SHA-256: names a token in logs, events and records without telling it.
    package var fingerprint: String {
        SHA256.hash(data: Array(self.reveal().utf8)).prefix(8)
            .map { byte in
                let digits = String(byte, radix: 16)
                return byte < 16 ? "0" + digits : digits
            }
            .joined()
    }
}
