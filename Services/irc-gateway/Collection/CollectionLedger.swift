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
                    reason: reason.rawValue,
                    stoppedAt: time
                )
            )
        )
    }
}

/// The sessions that are open. No I/O.
struct CollectionLedger: Sendable {
    private struct Key: Hashable {
        var connection: Int
        var login: String
    }

    private let gateway: String
    private var open: [Key: CollectionSession] = [:]
    private var ended: [CollectionSession] = []
    private var number = 0
    /// Counts the changes, so that a copy knows whether it is the latest.
    private(set) var version = 0

    init(gateway: String) {
        self.gateway = gateway
    }

    /// What has no end that a crash could not undo: the open sessions and those that ended since `settle`. Sorted, so
    /// that what is written depends on nothing else.
    var sessions: [CollectionSession] {
        (open.values + ended).sorted { ($0.login, $0.connection) < ($1.login, $1.connection) }
    }

    /// The ends of all sessions that are not open are in the journal.
    mutating func settle() {
        guard !ended.isEmpty else { return }
        ended.removeAll()
        version += 1
    }

    /// A channel is listened to from now on. Nil when it was already, on this connection.
    mutating func start(_ login: String, roomID: String, connection: Int, at time: Timestamp) -> EventDraft? {
        let key = Key(connection: connection, login: login)
        guard open[key] == nil else { return nil }
        number += 1
        let session = CollectionSession(
            id: "\(gateway)-\(time.rawValue)-\(number)",
            login: login,
            roomID: roomID,
            connection: connection,
            startedAt: time
        )
        open[key] = session
        version += 1
        return session.started(by: gateway)
    }

    /// A channel is no longer listened to. Nil when it was not.
    mutating func stop(_ login: String, connection: Int, because reason: StopReason, at time: Timestamp) -> EventDraft?
    {
        guard let session = open.removeValue(forKey: Key(connection: connection, login: login)) else { return nil }
        ended.append(session)
        version += 1
        return session.stopped(by: gateway, because: reason, at: time)
    }

    /// A connection has ended with everything that it listened to.
    mutating func stopAll(connection: Int, because reason: StopReason, at time: Timestamp) -> [EventDraft] {
        open.keys.filter { $0.connection == connection }.map(\.login).sorted()
            .compactMap { stop($0, connection: connection, because: reason, at: time) }
    }
}
