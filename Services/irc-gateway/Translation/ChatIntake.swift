import Logging
import Metrics
import Protocol
import Synchronization

/// What all connections of a gateway read with: one translator, one memory of what was seen.
final class ChatIntake: Sendable {
    private let translator = LineTranslator()
    private let filter: Mutex<DuplicateFilter>
    private let metrics: GatewayMetrics
    private let complaints: Complaints

    init(metrics: GatewayMetrics, logger: Logger) {
        self.metrics = metrics
        self.filter = Mutex(DuplicateFilter())
        self.complaints = Complaints(logger: logger)
    }

    /// Nil for a line that cannot be read: it is counted and shows up in the log.
    func read(_ line: ArraySlice<UInt8>, receivedAt: Timestamp) -> ReadLine? {
        do {
            return try translator.read(line, receivedAt: receivedAt)
        } catch {
            metrics.malformed.increment()
            complaints.unreadable(line, because: error)
            return nil
        }
    }

    /// What is published of a line: always small enough.
    func draft(_ content: ReadLine.Content, of line: ArraySlice<UInt8>, receivedAt: Timestamp) -> EventDraft {
        let draft = translator.draft(content, of: line, receivedAt: receivedAt)
        if draft.type != content.event.type {
            metrics.malformed.increment()
            complaints.tooLarge(line)
        }
        return draft
    }

    /// Lines were dropped for their length.
    func tooLong(_ lines: Int) {
        guard lines > 0 else { return }
        metrics.malformed.increment(by: lines)
        complaints.tooLong(lines)
    }

    /// True the first time a key comes.
    func isNew(_ key: UInt128, at now: ContinuousClock.Instant) -> Bool {
        let isNew = filter.withLock { $0.insert(key, at: now) }
        if !isNew { metrics.duplicates.increment() }
        return isNew
    }
}
