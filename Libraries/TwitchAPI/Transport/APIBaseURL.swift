#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where an API of Twitch is: `https://host[:port][/path]`, or `http://` on this machine. Paths are appended.
package struct APIBaseURL: Hashable, Sendable, CustomStringConvertible {
    /// Without a slash at the end.
    package let description: String
    /// Host and port as a person writes them: for messages.
    package let authority: String
    /// The name or address, IPv6 without brackets.
    package let host: String
    /// TLS.
    package let isSecure: Bool

    /// Why a URL is not one that secrets are sent to.
    package enum Refusal: String, Error, Hashable, Sendable {
        case malformed = "expected https://host[:port][/path]"
        case plainTextOverNetwork = "http:// is for this machine only; use https://"
        case credentials = "a user name or password does not belong into it"
    }

    /// Checks `url`; the text of a refusal says what was expected, and does not repeat the value.
    package init(_ url: String) throws(Refusal) {
        guard let parts = URL(string: url), let scheme = parts.scheme?.lowercased(), let host = parts.host(),
            !host.isEmpty, parts.query() == nil, parts.fragment() == nil,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw .malformed }
        guard parts.user() == nil, parts.password() == nil, !url.contains("@") else { throw .credentials }
        switch scheme {
        case "https": break
        case "http": guard Self.isLoopback(host) else { throw .plainTextOverNetwork }
        default: throw .malformed
        }
        var text = url[...]
        while text.hasSuffix("/") { text.removeLast() }
        self.description = String(text)
        self.isSecure = scheme == "https"
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        self.authority = parts.port.map { "\(name):\($0)" } ?? name
    }

    /// The host is this machine, whatever a resolver says.
    private static func isLoopback(_ host: String) -> Bool {
        let lower = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(lower) { return true }
        let parts = lower.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
