import Synchronization

/// Why a producer cannot accept or serve now, for its service's health: the gravest of what several threads know.
final class PublisherTrouble: Sendable {
    /// What is in trouble, the gravest first.
    enum Part: Int, Comparable, Sendable {
        /// Batches cannot be committed.
        case commits
        /// Files that the journal holds open are gone.
        case files
        /// Followers cannot connect.
        case sockets

        static func < (one: Part, other: Part) -> Bool { one.rawValue < other.rawValue }
    }

    private struct State {
        var reasons: [Part: String] = [:]
        var told: String?
    }

    private let state = Mutex(State())
    private let onChange: @Sendable (String?) -> Void

    init(_ onChange: @escaping @Sendable (String?) -> Void) {
        self.onChange = onChange
    }

    /// Replaces what is wrong with a part; nil for nothing.
    func set(_ part: Part, _ reason: String?) {
        let change: String?? = state.withLock { state in
            state.reasons[part] = reason
            let gravest = state.reasons.min { $0.key < $1.key }?.value
            guard gravest != state.told else { return nil }
            state.told = gravest
            return .some(gravest)
        }
        if let change { onChange(change) }
    }
}
