import TwitchChat

/// Until when a connection is known to have heard all that was said in its channels. No I/O.
///
/// While we do not read, because the journal has no room or because the process or the machine was stopped, Twitch waits
/// or gives up. Which of the two it was shows only when it answers a PING that we sent afterwards.
struct ListeningProof: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let longestAbsence: Duration
    private var lastPresence: Instant?
    private var heardAt: Instant?
    /// Since when nothing proves that we were still connected.
    private var doubtedSince: Instant?
    private var absences = 0

    init(longestAbsence: Duration) {
        self.longestAbsence = longestAbsence
    }

    /// We look after the connection. Returns the text of a PING that is to be sent because we did not for some time.
    mutating func present(at now: Instant) -> String? {
        defer { lastPresence = now }
        guard let last = lastPresence, now - last > longestAbsence else { return nil }
        doubtedSince = doubtedSince ?? last
        absences += 1
        return "after-absence-\(absences)"
    }

    /// Something was read. After an absence it may have been sent before it ended.
    mutating func heard(at now: Instant) {
        heardAt = now
    }

    /// A PING was answered: whatever was sent before the answer has been read.
    mutating func answered(_ text: String) {
        if text == "after-absence-\(absences)" { doubtedSince = nil }
    }

    /// Until when the connection counts as listening when it ends now.
    mutating func end(of connection: ConnectionEnd, at now: Instant) -> Instant {
        // What ended an absence may be the end itself.
        _ = present(at: now)
        let end: Instant
        switch connection {
        case .closed(""), .replaced, .unneeded, .shutdown:
            // An orderly end comes behind everything that was sent.
            end = now
        default:
            end = heardAt ?? now
        }
        return min(end, doubtedSince ?? end)
    }
}
