import Protocol

/// What one token service offers, as a follower knows it: the decisions, without sockets or clocks.
///
/// The state is asked for with SNAP at the start, after each new epoch and whenever a change was missed; in between,
/// changes come live. `applied` is the last change that is in it.
struct TokenView: Sendable {
    /// Whether the state is known.
    enum Mode: Hashable {
        /// SNAP is to be sent, or its reply is waited for.
        case asking(request: Int?)
        case following
    }

    /// What a heartbeat or a change tells of the connection.
    enum Verdict: Hashable {
        case upToDate
        /// A change was missed: the state is asked for again.
        case missed
        /// Another process speaks: say HELLO.
        case restarted
    }

    /// What a SNAP reply was worth.
    enum Answer: Hashable {
        case applied
        /// Older than a change that came live meanwhile: asked for again.
        case stale
        /// Not the reply that is waited for.
        case unexpected
    }

    /// Kinds are `user` and `app`; a few more may come.
    static let mostKinds = 16

    private(set) var mode = Mode.asking(request: nil)
    /// By kind.
    private(set) var tokens: [String: TokenIssued] = [:]
    private(set) var applied = Offset.zero
    private var epoch: UInt32?

    /// The service introduced itself: its state is asked for. The tokens stay until it is known.
    mutating func hello(epoch: UInt32) {
        if self.epoch != epoch { applied = .zero }
        self.epoch = epoch
        mode = .asking(request: nil)
    }

    /// Whether SNAP is to be sent now.
    mutating func takeRequest(_ number: Int) -> Bool {
        guard mode == .asking(request: nil) else { return false }
        mode = .asking(request: number)
        return true
    }

    /// The state: what is not in it is forgotten, and of what is, the higher version wins.
    mutating func snapshot(version: Int, _ offered: [TokenIssued], request: Int) -> Answer {
        guard mode == .asking(request: request), let epoch else { return .unexpected }
        let place = Offset(rawValue: UInt64(clamping: version))
        guard place.epoch == epoch, place >= applied else {
            mode = .asking(request: nil)
            return .stale
        }
        let known = tokens
        tokens = [:]
        for token in offered {
            let older = known[token.kind].flatMap { $0.version > token.version ? $0 : nil }
            keep(older ?? token)
        }
        applied = place
        mode = .following
        return .applied
    }

    /// A change, live. It is applied even when something before it is missing: a new token should not wait.
    mutating func change(_ event: Event, previous: Offset, offset: Offset) -> Verdict {
        guard let epoch, offset.epoch == epoch else { return isNewer(offset.epoch) ? .restarted : .upToDate }
        guard offset > applied else { return .upToDate }
        let isGap = previous > applied
        applied = offset
        switch event {
        case .tokenIssued(let token): keep(token)
        case .tokenRejected(let rejected): forget(rejected)
        default: break
        }
        guard isGap, mode == .following else { return .upToDate }
        mode = .asking(request: nil)
        return .missed
    }

    /// A heartbeat with the place of the last change that was sent.
    mutating func heartbeat(epoch: UInt32, head: Offset) -> Verdict {
        guard epoch == self.epoch else { return isNewer(epoch) ? .restarted : .upToDate }
        guard head > applied, mode == .following else { return .upToDate }
        mode = .asking(request: nil)
        return .missed
    }

    /// A request had no answer, or none that helps: it is to be sent again.
    mutating func requestFailed(_ request: Int) {
        if mode == .asking(request: request) { mode = .asking(request: nil) }
    }

    /// The same service under an older epoch is a frame that was still under way.
    private func isNewer(_ other: UInt32) -> Bool { epoch.map { other > $0 } ?? true }

    private mutating func keep(_ token: TokenIssued) {
        if let known = tokens[token.kind] {
            guard token.version > known.version else { return }
        } else {
            guard tokens.count < Self.mostKinds else { return }
        }
        tokens[token.kind] = token
    }

    private mutating func forget(_ rejected: TokenRejected) {
        guard let token = tokens[rejected.kind], TokenFingerprint.of(token.accessToken) == rejected.fingerprint else {
            return
        }
        tokens[rejected.kind] = nil
    }
}
