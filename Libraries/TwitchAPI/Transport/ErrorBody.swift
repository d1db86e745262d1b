#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What an error answer says: `{"status":400,"message":"…"}` or `{"error":"Bad Request","status":400,"message":"…"}`
/// from Twitch, `{"error":"…","error_description":"…"}` (RFC 6749) from others.
struct ErrorBody: Hashable, Sendable {
    /// One line without control characters, at most 200 characters; empty when the body says nothing.
    var message: String

    /// Reads `body`, and blots `secrets` out, should a server repeat what was sent to it.
    init(_ body: some Collection<UInt8>, hiding secrets: [String]) {
        let parsed = try? JSONDecoder().decode(Keys.self, from: Data(body))
        var text = ""
        for candidate in [parsed?.message, parsed?.error_description, parsed?.error] {
            if let candidate, !candidate.isEmpty {
                text = candidate
                break
            }
        }
        for secret in secrets where !secret.isEmpty {
            text = text.replacing(secret, with: "<redacted>")
        }
        self.message = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        if self.message.count > 200 { self.message = self.message.prefix(200) + "…" }
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
