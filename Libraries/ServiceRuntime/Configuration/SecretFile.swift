#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A secret in a file of its own, as Docker (`/run/secrets/…`) and systemd (`LoadCredential=`) hand them over.
enum SecretFile {
    /// Far more than any token or connection string.
    private static let largest = 64 << 10

    /// The contents without the white space around them; nil for an empty file, which counts as absent.
    ///
    /// Throws ``ConfigurationError`` that names the variable and the path, never the contents.
    static func read(_ path: String, namedBy variable: String) throws -> Secret? {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                "\(variable) is '\(path)', which cannot be read; expected a file that holds the secret alone"
            )
        }
        guard data.count <= largest, let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(
                "\(variable) is '\(path)', which holds no text of at most \(largest >> 10) KiB; "
                    + "expected a file that holds the secret alone"
            )
        }
        let secret = text.trimmingWhitespace()
        return secret.isEmpty ? nil : Secret(secret)
    }
}
