/// What the supervisor of one service says of itself, in `STATE_DIR/run/<service>.daemon`.
struct DaemonRecord: Hashable, Codable, Sendable {
    /// The supervisor.
    var supervisor: ProcessIdentity
    /// How often the service was started again after an end that nobody asked for.
    var restarts = 0
    /// How it ended last, in one line.
    var trouble: String?
    /// Set when the supervisor has given up.
    var failure: Failure?

    struct Failure: Hashable, Codable, Sendable {
        var code: Int32
        /// The service's last words.
        var line: String
    }
}

extension DaemonRecord {
    /// `supervisor pid 4711, started again 2 times, last after signal 9`
    var words: String {
        var words = "supervisor pid \(supervisor.pid)"
        if restarts > 0 { words += ", started again \(restarts == 1 ? "once" : "\(restarts) times")" }
        if let trouble { words += ", last after \(trouble)" }
        return words
    }
}
