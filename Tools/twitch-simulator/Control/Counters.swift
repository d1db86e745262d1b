/// A rule of Twitch's that a client broke.
struct Violation: Codable, Sendable, Equatable {
    var rule: String
    var connection: Int
    var nick: String
    var detail: String
    var atMilliseconds: Int64
}

/// What happened since the start.
struct Counters {
    var connectionsOpened = 0
    var connectionsClosed = 0
    var loginAttempts = 0
    var logins = 0
    var loginsRefused = 0
    var joinAttempts = 0
    var joins = 0
    var parts = 0
    var joinRateViolations = 0
    var closedWithoutPong = 0
    var slowReadersClosed = 0
    /// Lines that were due with `--generate joined` while nobody was anywhere.
    var unheardAnywhere = 0
    private(set) var violationCount = 0
    /// The latest 1,000.
    private(set) var violations: [Violation] = []

    mutating func record(_ violation: Violation) {
        self.violationCount += 1
        if self.violations.count >= 1000 { self.violations.removeFirst(100) }
        self.violations.append(violation)
    }
}
