import Protocol

/// Which token is current, of all that the followed services offer. No I/O.
struct TokenSelection: Sendable {
    /// By producer.
    private(set) var views: [String: TokenView] = [:]
    /// Producers whose connection is gone; what they offered is used until another one has answered.
    private var absent: Set<String> = []
    /// By kind.
    private(set) var current: [String: TokenIssued] = [:]

    private static let mostProducers = 16

    /// Changes what is known of a producer.
    /// - Returns: What the change did, and the kinds whose current token is another one now.
    mutating func update<Result>(
        _ producer: String,
        _ change: (inout TokenView) -> Result
    ) -> (result: Result, changed: [String]) {
        if views[producer] == nil { forgetOldest() }
        let result = change(&views[producer, default: TokenView()])
        return (result, select())
    }

    /// The producer speaks.
    mutating func isPresent(_ producer: String) {
        absent.remove(producer)
    }

    /// The producer does not speak any more.
    mutating func isAbsent(_ producer: String) {
        if views[producer] != nil { absent.insert(producer) }
    }

    /// A producer's whole state is known: what those offered who are gone is forgotten.
    /// - Returns: The kinds whose current token is another one now.
    mutating func isKnown(_ producer: String) -> [String] {
        absent.remove(producer)
        for gone in absent { views[gone] = nil }
        absent = []
        return select()
    }

    private mutating func forgetOldest() {
        guard views.count >= Self.mostProducers, let one = absent.first ?? views.keys.first else { return }
        views[one] = nil
        absent.remove(one)
    }

    /// The highest version of each kind wins.
    private mutating func select() -> [String] {
        var best: [String: TokenIssued] = [:]
        for token in views.values.flatMap(\.tokens.values) {
            if let known = best[token.kind], known.version >= token.version { continue }
            best[token.kind] = token
        }
        let changed = Set(best.keys).union(current.keys).filter { best[$0] != current[$0] }
        current = best
        return changed.sorted()
    }
}
