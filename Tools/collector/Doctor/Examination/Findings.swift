import Synchronization

/// What was found so far, by check; checks wait here for each other.
final class Findings: Sendable {
    private let found = Mutex<[String: Finding]>([:])
    private let arrivals: [String: Latch]

    init(of checks: [Check]) {
        arrivals = Dictionary(checks.map { ($0.name, Latch()) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil for a check that is not done, or that there is none of.
    subscript(name: String) -> Finding? { found.withLock { $0[name] } }

    /// Whether anything is wrong so far: what follows may be its consequence.
    var hasTrouble: Bool { found.withLock { $0.values.contains(where: \.isWrong) } }

    func add(_ finding: Finding) {
        found.withLock { $0[finding.check] = finding }
        arrivals[finding.check]?.open()
    }

    /// Returns when the check is done; at once where there is no such check.
    func wait(for name: String) async { await arrivals[name]?.wait() }
}
