/// What a server that opened no WebSocket seems to be, by the first bytes that it sent, and what to do about it.
enum StrangeServer {
    private static let hint = "check host, port and path in TWITCH_IRC_URL"

    /// What a server seems to be.
    /// - Parameters:
    ///   - bytes: As they came, inside TLS where there is TLS.
    ///   - isSecure: Whether TLS was spoken.
    /// - Returns: One line for a person; nil when the bytes tell nothing.
    static func explanation(_ bytes: [UInt8], isSecure: Bool) -> String? {
        guard let first = bytes.first else { return nil }
        if bytes.starts(with: "HTTP/".utf8) { return http(bytes) }
        if bytes.starts(with: "SSH-".utf8) { return "it speaks SSH (\(firstLine(bytes))); \(hint)" }
        if !isSecure, (0x14...0x17).contains(first), bytes.count > 1, bytes[1] == 3 {
            return "it speaks TLS; write wss:// in TWITCH_IRC_URL"
        }
        let line = firstLine(bytes)
        guard !line.isEmpty,
            bytes.prefix(32).allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x0D || $0 == 0x0A || $0 == 0x09 })
        else { return "what it sends is no HTTP; \(hint)" }
        return "it greets with \"\(line)\", which is no HTTP; \(hint)"
    }

    private static func http(_ bytes: [UInt8]) -> String {
        let words = firstLine(bytes).split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2, let status = Int(words[1]), (100...999).contains(status) else {
            return "its HTTP answer cannot be read (\(firstLine(bytes))); \(hint)"
        }
        let answer = "it answers " + words.dropFirst().joined(separator: " ")
        switch status {
        case 101:
            return "it answers 101 without the right WebSocket handshake; look for a proxy in between, and \(hint)"
        case 100..<200: return "\(answer), which is no WebSocket handshake; \(hint)"
        case 300..<400:
            let target = header("location", bytes).map { " to \($0)" } ?? ""
            return "\(answer): it redirects\(target), which is not followed; \(hint)"
        case 401, 403, 407: return "\(answer): it, or a proxy in between, wants a login; look at the proxy and firewall"
        case 429: return "\(answer): too many connections from here; it is tried again more seldom"
        case 500...: return "\(answer): the server is out of order; it is tried again"
        default: return "\(answer) instead of opening a WebSocket; \(hint)"
        }
    }

    private static func header(_ name: String, _ bytes: [UInt8]) -> String? {
        bytes.split(separator: 0x0A).dropFirst().lazy.map { text($0) }
            .first { $0.lowercased().hasPrefix(name + ":") }
            .map { String($0.dropFirst(name.utf8.count + 1).drop { $0 == " " }) }
    }

    private static func firstLine(_ bytes: [UInt8]) -> String {
        text(bytes.prefix { $0 != 0x0A })
    }

    /// Printable ASCII of a stranger; what is not becomes `?`.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var line = bytes.prefix(80)
        while line.last == 0x0D || line.last == 0x20 { line.removeLast() }
        return String(decoding: line.map { (0x20...0x7E).contains($0) && $0 != 0x22 ? $0 : 0x3F }, as: UTF8.self)
    }
}
