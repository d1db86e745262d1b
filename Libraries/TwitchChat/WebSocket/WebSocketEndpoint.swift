/// Where a WebSocket server listens: `wss://host[:port][/path]`, or `ws://` on this machine.
package struct WebSocketEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// TLS.
    package var isSecure: Bool
    /// A name or an address, IPv6 without brackets.
    package var host: String
    /// 1 to 65,535.
    package var port: Int
    /// Begins with `/`.
    package var path: String

    /// Why a URL is not one that we connect to.
    package enum Refusal: String, Error, Hashable, Sendable {
        case malformed = "expected wss://host[:port][/path]"
        case plainTextOverNetwork = "ws:// is for this machine only; use wss://"
        case credentials = "a user name or password does not belong into it"
    }

    /// Reads a URL; the text of a refusal says what was expected, and does not repeat the value.
    package init(_ url: String) throws(Refusal) {
        let lower = url.lowercased()
        if lower.hasPrefix("wss://") {
            isSecure = true
        } else if lower.hasPrefix("ws://") {
            isSecure = false
        } else {
            throw .malformed
        }
        let rest = url.dropFirst(isSecure ? 6 : 5)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw .credentials }
        let target = String(rest.dropFirst(authority.count))
        guard !target.contains("#"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .malformed }
        path = target.hasPrefix("/") ? target : "/" + target
        (host, port) = try Self.split(authority, defaultPort: isSecure ? 443 : 80)
        guard isSecure || isLoopback else { throw .plainTextOverNetwork }
    }

    /// The host is this machine, whatever a resolver says.
    package var isLoopback: Bool {
        let lower = host.lowercased()
        if lower == "localhost" || lower == "::1" { return true }
        let parts = lower.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host is a number: it has no name to ask for in SNI.
    var hostIsAddress: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return host.contains(":") || (parts.count == 4 && parts.allSatisfy { UInt8($0) != nil })
    }

    /// The value of the `Host` header.
    package var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var description: String {
        "\(isSecure ? "wss" : "ws")://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path == "/" ? "" : path)"
    }

    private static func split(_ authority: Substring, defaultPort: Int) throws(Refusal) -> (String, Int) {
        var host = authority
        var port = defaultPort
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : authority.startIndex
        guard let end else { throw .malformed }
        if let colon = authority[end...].firstIndex(of: ":") {
            guard let number = UInt16(authority[authority.index(after: colon)...]), number > 0 else { throw .malformed }
            host = authority[..<colon]
            port = Int(number)
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { throw .malformed }
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { throw .malformed }
        } else {
            guard !host.contains(":") else { throw .malformed }
        }
        let isPlausible = host.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "-")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: "_")
        }
        guard !host.isEmpty, isPlausible else { throw .malformed }
        return (String(host), port)
    }
}
