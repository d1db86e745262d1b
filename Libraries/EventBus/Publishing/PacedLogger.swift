import Logging
import Synchronization

/// A log for what others can cause as often as they like: each kind of line comes once a minute, and says how many it
/// stands for. So neither a stranger nor a disk that refuses fills the log.
final class PacedLogger: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Pace {
        var due: Instant
        /// Left out since the last line.
        var omitted = 0
    }

    /// Kinds beyond this share one pace: what a line is about may come from outside.
    private static let mostKinds = 64

    private let target: Logger
    private let interval: Duration
    private let paces = Mutex<[String: Pace]>([:])

    init(_ logger: Logger, interval: Duration = .seconds(60)) {
        target = logger
        self.interval = interval
    }

    /// Something that goes on by itself.
    /// - Parameters:
    ///   - message: The line; with `subject` it is its kind.
    ///   - subject: What the line is about, where each subject deserves a line of its own, such as a file's name.
    ///   - metadata: Of the line that is written; those that are left out are lost.
    func warning(_ message: Logger.Message, about subject: String = "", metadata: Logger.Metadata = [:]) {
        log(.warning, message, subject, metadata)
    }

    /// Something that needs a person; as ``warning(_:about:metadata:)``.
    func error(_ message: Logger.Message, about subject: String = "", metadata: Logger.Metadata = [:]) {
        log(.error, message, subject, metadata)
    }

    private func log(
        _ level: Logger.Level,
        _ message: Logger.Message,
        _ subject: String,
        _ metadata: Logger.Metadata
    ) {
        guard let omitted = take("\(message)\u{0}\(subject)", at: .now) else { return }
        let count: Logger.Metadata = omitted > 0 ? ["count": "\(omitted + 1)"] : [:]
        target.log(level: level, message, metadata: metadata.merging(count) { $1 })
    }

    /// How many lines of this kind were left out before the one that is due; nil while none is due.
    func take(_ kind: String, at now: Instant) -> Int? {
        paces.withLock { paces in
            let isKnown = paces[kind] != nil
            if !isKnown, paces.count >= Self.mostKinds { paces = paces.filter { $0.value.due > now } }
            let kind = isKnown || paces.count < Self.mostKinds ? kind : ""
            if let pace = paces[kind], pace.due > now {
                paces[kind] = Pace(due: pace.due, omitted: pace.omitted + 1)
                return nil
            }
            let omitted = paces[kind]?.omitted ?? 0
            paces[kind] = Pace(due: now + interval)
            return omitted
        }
    }
}
