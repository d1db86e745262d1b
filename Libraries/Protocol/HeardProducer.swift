/// A producer whose live events arrive at a follower and that answers its requests.
package struct HeardProducer: Hashable, Sendable {
    /// Its id.
    package var producer: String
    /// What it says it is, such as `irc-gateway`.
    package var service: String
    /// How the connection showed who speaks there.
    package var identity: ProducerIdentity
    /// The newest published offset of each partition that has one, as its heartbeats say.
    package var heads: [Int: Offset]

    package init(
        producer: String,
        service: String,
        identity: ProducerIdentity = .local,
        heads: [Int: Offset] = [:]
    ) {
        self.producer = producer
        self.service = service
        self.identity = identity
        self.heads = heads
    }
}

/// What vouches for a producer's id: it is bound to the first one that it was heard with.
package enum ProducerIdentity: Hashable, Sendable {
    /// Nothing: plain TCP, where whoever has the port may speak.
    case plain
    /// A socket in a folder of this machine that belongs to our user.
    case local
    /// CURVE: the service that the key belongs to, and the key's fingerprint.
    case key(service: String, fingerprint: String)

    /// Whether a producer that is known by `known` may go on as this. A key may be replaced by another of the same
    /// service, because the operator has put that into the keys directory; nothing is ever replaced by something weaker.
    package func mayFollow(_ known: ProducerIdentity) -> Bool {
        switch (known, self) {
        case (.plain, _), (_, .local): true
        case (.local, .key): true
        case (.key(let service, _), .key(let other, _)): service == other
        case (.local, .plain), (.key, .plain): false
        }
    }
}

extension ProducerIdentity: LosslessStringConvertible {
    /// Reads what `description` writes: `plain`, `local`, or `key irc-gateway 0123456789abcdef`.
    package init?(_ description: String) {
        let parts = description.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("plain", 1): self = .plain
        case ("local", 1): self = .local
        case ("key", 3): self = .key(service: parts[1], fingerprint: parts[2])
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .plain: "plain"
        case .local: "local"
        case .key(let service, let fingerprint): "key \(service) \(fingerprint)"
        }
    }
}
