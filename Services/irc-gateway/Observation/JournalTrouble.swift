import Synchronization

/// Why the journal cannot be written, for as long as it cannot.
final class JournalTrouble: Sendable {
    private let reason = Mutex<String?>(nil)

    /// `reason` is one line for a person; nil when the journal is written again.
    func report(_ reason: String?) {
        self.reason.withLock { $0 = reason }
    }

    var isThere: Bool { reason.withLock { $0 != nil } }

    /// The line for the service's health, with how many events wait in memory; nil when there is no trouble.
    func obstacle(waiting: Int) -> String? {
        reason.withLock { $0 }.map { "\($0); keeping \(waiting) events in memory" }
    }
}
