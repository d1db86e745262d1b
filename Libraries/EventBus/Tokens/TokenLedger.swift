import FoundationEssentials
import Protocol

/// The tokens that the token service offers, and where its endpoint is in its sequence of changes. No I/O.
struct TokenLedger: Sendable {
    /// What SNAP is asked for.
    static let topic = "state.tokens"
    /// Tokens belong to no channel.
    static let subject = "_"
    static let partition = Partition.of(subject)

    /// One change as it goes out live.
    struct Change: Sendable {
        var event: Event
        var offset: Offset
        var previous: Offset
    }

    /// By kind.
    private(set) var tokens: [String: TokenIssued] = [:]
    /// The place of the last change, which is also the state's version: a follower that has seen a later change knows
    /// that a state is old.
    private(set) var offset: Offset
    /// The highest version of each kind so far, withdrawn ones too.
    private var highest: [String: Int] = [:]

    init(epoch: UInt32) {
        offset = Offset(epoch: epoch, sequence: 0)
    }

    /// Offers a token.
    /// - Returns: The change, or nil where a token of the same or a higher version was offered before.
    mutating func issue(_ token: TokenIssued) -> Change? {
        if let known = highest[token.kind], known >= token.version { return nil }
        highest[token.kind] = token.version
        tokens[token.kind] = token
        return change(.tokenIssued(token))
    }

    /// Takes back a token.
    /// - Returns: The change, or nil where this token is not the one that is offered.
    mutating func withdraw(kind: String, fingerprint: String, reason: String, at time: Timestamp) -> Change? {
        guard let token = tokens[kind], TokenFingerprint.of(token.accessToken) == fingerprint else { return nil }
        tokens[kind] = nil
        return change(
            .tokenRejected(TokenRejected(kind: kind, fingerprint: fingerprint, reason: reason, rejectedAt: time))
        )
    }

    private mutating func change(_ event: Event) -> Change {
        let previous = offset.sequence == 0 ? .zero : offset
        offset = Offset(rawValue: offset.rawValue + 1)
        return Change(event: event, offset: offset, previous: previous)
    }

    /// The state's version: `Offset` as a number.
    var version: Int { Int(clamping: offset.rawValue) }

    /// `{"tokens":[…]}`, each as in `token.issued`.
    var state: [UInt8] {
        let bodies = tokens.sorted { $0.key < $1.key }.map { EventCodec.encodeData(.tokenIssued($0.value)) }
        return Array(#"{"tokens":["#.utf8) + bodies.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8)
    }

    /// Reads a state. What is thrown says nothing of its contents.
    static func tokens(in state: [UInt8]) throws(EnvelopeError) -> [TokenIssued] {
        struct State: Decodable {
            var tokens: [TokenIssued]
        }
        do {
            return try JSONDecoder().decode(State.self, from: Data(state)).tokens
        } catch {
            throw .malformed("not a state of tokens")
        }
    }
}
