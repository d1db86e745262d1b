/// An application that is registered at the simulated Twitch.
struct RegisteredClient: Sendable, Equatable {
    let id: String
    /// `nil` for a public client, which can use the device code flow only.
    let secret: String?

    var isPublic: Bool { self.secret == nil }

    /// Reads `ID` or `ID=SECRET`; `nil` when it is neither.
    init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let id = parts.first, !id.isEmpty, parts.count == 1 || !parts[1].isEmpty else { return nil }
        self.init(id: id, secret: parts.count == 2 ? parts[1] : nil)
    }

    init(id: String, secret: String?) {
        self.id = id
        self.secret = secret
    }
}

/// The redirect URIs that a client may use: compared exactly, with scheme, port and trailing slash.
struct RedirectURIs: Sendable, Equatable {
    /// Those registered; none means `http://localhost:<any port>/callback`.
    var registered: [String] = []

    func allow(_ uri: String) -> Bool {
        guard self.registered.isEmpty else { return self.registered.contains(uri) }
        guard uri.hasPrefix("http://localhost:"), uri.hasSuffix("/callback") else { return false }
        let port = uri.dropFirst("http://localhost:".count).dropLast("/callback".count)
        return (1...5).contains(port.count) && port.allSatisfy { ("0"..."9").contains($0) }
    }
}
