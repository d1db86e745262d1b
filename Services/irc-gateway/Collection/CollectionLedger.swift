import Protocol

/// The sessions that are open, and those that ended lately. No I/O.
///
/// When something happened is kept by a clock that nobody sets. What time that was follows from it, and is told again when
/// the machine's clock turns out to have been wrong.
struct CollectionLedger: Sendable {
    typealias Instant = SteadyClock.Instant
    typealias Reading = SteadyClock.Reading

    private struct Key: Hashable {
        var connection: Int
        var login: String
    }

    private struct Open {
        var session: CollectionSession
        var startedAt: Instant
    }

    private struct End {
        var session: CollectionSession
        /// Nil for a JOIN that was refused.
        var startedAt: Instant?
        var endedAt: Instant
        var reason: StopReason
        /// As it was told.
        var stoppedAt: Timestamp
    }

    /// What a clock showed for longer than this is taken for right.
    static let trust = Duration.seconds(3600)
    /// How many ends can be told again.
    private static let memory = 10_000

    private let gateway: String
    private var open: [Key: Open] = [:]
    private var ended: [(session: CollectionSession, at: Instant)] = []
    private var recent: [End] = []
    private var number = 0
    /// Counts the changes, so that a copy knows whether it is the latest.
    private(set) var version = 0

    init(gateway: String) {
        self.gateway = gateway
    }

    /// What has no end that a crash could not undo: the open sessions and those that ended since `settle`. Sorted, so
    /// that what is written depends on nothing else.
    var sessions: [CollectionSession] {
        (open.values.map(\.session) + ended.map(\.session)).sorted {
            ($0.login, $0.connection) < ($1.login, $1.connection)
        }
    }

    /// The ends that were told before an instant are in the journal; all that were told when it is nil.
    mutating func settle(toldBefore instant: Instant?) {
        let count = ended.count
        if let instant { ended.removeAll { $0.at < instant } } else { ended.removeAll() }
        if ended.count != count { version += 1 }
    }

    /// An earlier run's sessions, whose ends have just been told.
    mutating func remember(ended sessions: [CollectionSession], at now: Instant) {
        ended += sessions.map { ($0, now) }
        version += 1
    }

    /// A JOIN was refused: the end of a session that never was.
    mutating func refused(_ login: String, connection: Int, because reason: StopReason, at now: Reading) -> EventDraft {
        let session = session(login, roomID: "", connection: connection, at: now.time)
        remember(
            End(session: session, startedAt: nil, endedAt: now.instant, reason: reason, stoppedAt: now.time),
            at: now.instant
        )
        return session.stopped(by: gateway, because: reason, at: now.time)
    }

    /// A channel is listened to since `start`, by default from now on. Nil when it was already, on this connection.
    mutating func start(
        _ login: String,
        roomID: String,
        connection: Int,
        since start: Instant? = nil,
        at now: Reading
    ) -> EventDraft? {
        let key = Key(connection: connection, login: login)
        guard open[key] == nil else { return nil }
        let startedAt = start ?? now.instant
        let session = session(login, roomID: roomID, connection: connection, at: now.time(of: startedAt))
        open[key] = Open(session: session, startedAt: startedAt)
        version += 1
        return session.started(by: gateway)
    }

    /// A channel is no longer listened to, since `end`. Nil when it was not.
    mutating func stop(
        _ login: String,
        connection: Int,
        because reason: StopReason,
        since end: Instant? = nil,
        at now: Reading
    ) -> EventDraft? {
        guard let entry = open.removeValue(forKey: Key(connection: connection, login: login)) else { return nil }
        // What confirmed the JOIN may have been the last line that was heard.
        let endedAt = max(end ?? now.instant, entry.startedAt)
        let stoppedAt = max(now.time(of: endedAt), entry.session.startedAt)
        ended.append((entry.session, now.instant))
        remember(
            End(
                session: entry.session,
                startedAt: entry.startedAt,
                endedAt: endedAt,
                reason: reason,
                stoppedAt: stoppedAt
            ),
            at: now.instant
        )
        version += 1
        return entry.session.stopped(by: gateway, because: reason, at: stoppedAt)
    }

    /// A connection has ended with everything that it listened to until `end`.
    mutating func stopAll(connection: Int, because reason: StopReason, since end: Instant, at now: Reading)
        -> [EventDraft]
    {
        open.keys.filter { $0.connection == connection }.map(\.login).sorted()
            .compactMap { stop($0, connection: connection, because: reason, since: end, at: now) }
    }

    /// The room that a channel was known to be when it was joined.
    func roomID(of login: String, connection: Int) -> String {
        open[Key(connection: connection, login: login)]?.session.roomID ?? ""
    }

    private mutating func remember(_ end: End, at now: Instant) {
        recent.append(end)
        let old = recent.prefix { now - $0.endedAt > Self.trust }.count
        recent.removeFirst(max(old, recent.count - Self.memory))
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

// MARK: - The clock was set

extension CollectionLedger {
    /// Tells again what was told by a clock that has been set since: the sessions that are open, and the ends that the
    /// clock before told, unless it had been trusted for long. Then a mark for each channel that is listened to, because
    /// what was received meanwhile keeps the time of that clock.
    mutating func retell(after steps: [SteadyClock.Step], at now: Reading) -> [EventDraft] {
        var drafts: [EventDraft] = []
        for (key, entry) in open.sorted(by: { ($0.key.login, $0.key.connection) < ($1.key.login, $1.key.connection) }) {
            let time = now.time(of: entry.startedAt)
            guard time != entry.session.startedAt else { continue }
            open[key]?.session.startedAt = time
            version += 1
            if let session = open[key]?.session { drafts.append(session.started(by: gateway)) }
        }
        let doubted = steps.filter { $0.noticedAt - $0.since < Self.trust }.map(\.since).min()
        for index in recent.indices where doubted.map({ recent[index].endedAt >= $0 }) ?? false {
            drafts += retellEnd(at: index, now)
        }
        let logins = Set(open.keys.map(\.login)).sorted()
        for step in steps {
            for login in logins { drafts.append(mark(step, of: login, at: now)) }
        }
        return drafts
    }

    private mutating func retellEnd(at index: Int, _ now: Reading) -> [EventDraft] {
        var end = recent[index]
        let stoppedAt = now.time(of: end.endedAt)
        let startedAt = end.startedAt.map { now.time(of: $0) } ?? stoppedAt
        guard stoppedAt != end.stoppedAt || startedAt != end.session.startedAt else { return [] }
        end.stoppedAt = stoppedAt
        end.session.startedAt = startedAt
        recent[index] = end
        let stopped = end.session.stopped(by: gateway, because: end.reason, at: stoppedAt)
        return (end.startedAt == nil ? [] : [end.session.started(by: gateway)]) + [stopped]
    }

    private mutating func mark(_ step: SteadyClock.Step, of login: String, at now: Reading) -> EventDraft {
        let time = now.time(of: step.noticedAt)
        return session(login, roomID: "", connection: 0, at: time)
            .clockMark(by: gateway, milliseconds: step.milliseconds, at: time)
    }
}
