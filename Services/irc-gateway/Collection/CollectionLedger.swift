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
    private var ended: [(session: CollectionSession, at: Timestamp)] = []
    private var number = 0
    /// Counts the changes, so that a copy knows whether it is the latest.
    private(set) var version = 0

    init(gateway: String) {
        self.gateway = gateway
    }

    /// What has no end that a crash could not undo: the open sessions and those that ended since `settle`. Sorted, so
    /// that what is written depends on nothing else.
    var sessions: [CollectionSession] {
        (open.values + ended.map(\.session)).sorted { ($0.login, $0.connection) < ($1.login, $1.connection) }
    }

    /// The ends that were told before a moment are in the journal; all that were told when it is nil.
    mutating func settle(toldBefore moment: Timestamp?) {
        let count = ended.count
        if let moment { ended.removeAll { $0.at < moment } } else { ended.removeAll() }
        if ended.count != count { version += 1 }
    }

    /// An earlier run's sessions, whose ends have just been told.
    mutating func remember(ended sessions: [CollectionSession], at time: Timestamp) {
        ended += sessions.map { ($0, time) }
        version += 1
    }

    /// A JOIN was refused: the end of a session that never was.
    mutating func refused(_ login: String, connection: Int, because reason: StopReason, at time: Timestamp)
        -> EventDraft
    {
        session(login, roomID: "", connection: connection, at: time).stopped(by: gateway, because: reason, at: time)
    }

    /// A channel is listened to from now on. Nil when it was already, on this connection.
    mutating func start(_ login: String, roomID: String, connection: Int, at time: Timestamp) -> EventDraft? {
        let key = Key(connection: connection, login: login)
        guard open[key] == nil else { return nil }
        let session = session(login, roomID: roomID, connection: connection, at: time)
        open[key] = session
        version += 1
        return session.started(by: gateway)
    }

    /// A channel is no longer listened to, since `end`. Nil when it was not.
    mutating func stop(
        _ login: String,
        connection: Int,
        because reason: StopReason,
        since end: Timestamp? = nil,
        at time: Timestamp
    ) -> EventDraft? {
        guard let session = open.removeValue(forKey: Key(connection: connection, login: login)) else { return nil }
        ended.append((session, time))
        version += 1
        // What confirmed the JOIN may have been the last line that was heard.
        return session.stopped(by: gateway, because: reason, at: max(end ?? time, session.startedAt))
    }

    /// A connection has ended with everything that it listened to until `end`.
    mutating func stopAll(
        connection: Int,
        because reason: StopReason,
        since end: Timestamp,
        at time: Timestamp
    ) -> [EventDraft] {
        open.keys.filter { $0.connection == connection }.map(\.login).sorted()
            .compactMap { stop($0, connection: connection, because: reason, since: end, at: time) }
    }

    private mutating func session(
        _ login: String,
        roomID: String,
        connection: Int,
        at time: Timestamp
    ) -> CollectionSession {
        number += 1
        return CollectionSession(
            id: "\(gateway)-\(time.rawValue)-\(number)",
            login: login,
            roomID: roomID,
            connection: connection,
            startedAt: time
        )
    }
}
