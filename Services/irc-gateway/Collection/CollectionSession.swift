import Protocol

/// One channel being listened to on one connection.
struct CollectionSession: Hashable, Sendable, Codable {
    var id: String
    var login: String
    /// Empty when Twitch sent none.
    var roomID: String
    var connection: Int
    var startedAt: Timestamp

    func started(by gateway: String) -> EventDraft {
        EventDraft(
            domain: .chat,
            subject: login,
            time: startedAt,
            event: .collectionStarted(
                CollectionStarted(
                    broadcasterUserID: roomID,
                    broadcasterUserLogin: login,
                    sessionID: id,
                    gateway: gateway,
                    connection: connection,
                    startedAt: startedAt
                )
            )
        )
    }

    func stopped(by gateway: String, because reason: StopReason, at time: Timestamp) -> EventDraft {
        stopped(by: gateway, reason: reason.rawValue, at: time)
    }

    /// No end of anything, but a mark: until `time` this gateway received by a clock that was set by so much since.
    func clockMark(by gateway: String, milliseconds: Int64, at time: Timestamp) -> EventDraft {
        stopped(by: gateway, reason: "clock_set_by_\(milliseconds)ms", at: time)
    }

    private func stopped(by gateway: String, reason: String, at time: Timestamp) -> EventDraft {
        EventDraft(
            domain: .chat,
            subject: login,
            time: time,
            event: .collectionStopped(
                CollectionStopped(
                    broadcasterUserID: roomID,
                    broadcasterUserLogin: login,
                    sessionID: id,
                    gateway: gateway,
                    connection: connection,
                    reason: reason,
                    stoppedAt: time
                )
            )
        )
    }
}
