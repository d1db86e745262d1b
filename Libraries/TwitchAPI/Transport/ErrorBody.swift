#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What an error answer says: `{"status":400,"message":"…"}` or `{"error":"Bad Request","status":400,"message":"…"}`
/// from Twitch, `{"error":"…","error_description":"…"}` (RFC 6749) from others.
struct ErrorBody: Sendable {
    /// One line without control characters, at most 200 characters; empty when the body says nothing.
    let message: String
    /// The same as the server sent it, to be recognised and never to be shown: it may repeat a secret.
    let unredacted: String
    /// One of the error codes of RFC 6749 §5.2 and §4.1.2.1, and RFC 8628 §3.5; nil for any other, or none.
    let code: String?

    private static let codes: Set<String> = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied", "authorization_pending", "slow_down", "expired_token",
    ]

    /// Reads `body`, and blots `secrets` out, should a server repeat what was sent to it.
    init(_ body: some Collection<UInt8>, hiding secrets: [String]) {
        let parsed = try? JSONDecoder().decode(Keys.self, from: Data(body))
        // Twitch puts the code of a device that waits into the message.
        self.code = [parsed?.error, parsed?.message].compactMap(\.self).first(where: Self.codes.contains)
        var text =
            [parsed?.message, parsed?.error_description, parsed?.error].compactMap(\.self)
            .first { !$0.isEmpty } ?? ""
        self.unredacted = text
        for secret in secrets where !secret.isEmpty {
            text = text.replacing(secret, with: "<redacted>")
        }
        let line = String(text.unicodeScalars.map { Self.isControl($0) ? " " : Character($0) })
        self.message = line.count > 200 ? line.prefix(200) + "…" : line
    }

    /// C0, DEL, C1 and the separators that some terminals take for the end of a line.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x2028...0x2029).contains(scalar.value)
    }

    private struct Keys: Decodable {
        var message: String?
        var error: String?
        // swift-format-ignore: the name on the wire
        var error_description: String?

        init(from decoder: any Decoder) throws {
            // A key of another kind than text is as good as none.
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.message = try? container.decode(String.self, forKey: .message)
            self.error = try? container.decode(String.self, forKey: .error)
            self.error_description = try? container.decode(String.self, forKey: .error_description)
        }

        private enum CodingKeys: String, CodingKey {
            case message
            case error
            case error_description
        }
    }
}
