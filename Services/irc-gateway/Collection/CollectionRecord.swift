import Logging
import Protocol
import Synchronization

/// Keeps the ledger of open sessions and its copy on disk in step with what is published.
///
/// A session is on disk before its start is published and until its stop has been: a crash in between leaves a stop too
/// many, never a session without an end.
final class CollectionRecord: Sendable {
    private struct State {
        var ledger: CollectionLedger
        var saved = 0
        var isFailing = false
        /// Ends that are still to be taken over by whoever publishes them: their sessions may not be forgotten yet.
        var untoldEnds = 0
        /// Ends were refused: from now on no session may be forgotten.
        var hasLostEnds = false
    }

    /// How long the journal takes at most for what was published, in milliseconds, while it is durable.
    private static let commitTime: Int64 = 2000

    let gateway: String
    private let file: SessionFile
    private let clock: WallClock
    private let logger: Logger
    private let publish: EventSink
    private let holes: HoleBook?
    private let lastAccepted: Timestamp?
    private let isDurable: @Sendable () -> Bool
    private let isCommitted: @Sendable () -> Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - gateway: the producer's name.
    ///   - directory: belongs to this gateway alone.
    ///   - clock: tells when sessions begin and end.
    ///   - logger: told when the copy on disk cannot be written.
    ///   - lastAccepted: when the journal accepted the last event of an earlier run, so that no session ends before what
    ///     was heard in it.
    ///   - isDurable: whether what was heard until now is in the journal, or will be in a moment. While it is not there
    ///     is no sign of life, because a crash would lose it.
    ///   - isCommitted: whether the journal holds everything that was published until now. Where it is not durable this
    ///     does not matter.
    ///   - holes: told when somebody listens and when nobody does.
    ///   - publish: takes the events.
    init(
        gateway: String,
        directory: String,
        clock: WallClock,
        logger: Logger,
        lastAccepted: Timestamp? = nil,
        isDurable: @escaping @Sendable () -> Bool = { true },
        isCommitted: @escaping @Sendable () -> Bool = { true },
        holes: HoleBook? = nil,
        publish: @escaping EventSink
    ) {
        self.gateway = gateway
        self.file = SessionFile(directory: directory)
        self.clock = clock
        self.logger = logger
        self.lastAccepted = lastAccepted
        self.isDurable = isDurable
        self.isCommitted = isCommitted
        self.publish = publish
        self.holes = holes
        self.state = Mutex(State(ledger: CollectionLedger(gateway: gateway)))
    }

    /// Ends in public what a crashed process left open, at the time of its last sign of life.
    func recover() async throws {
        let remains: SessionFile.Remains
        do {
            remains = try await file.remains()
        } catch {
            logger.warning(
                "The list of open sessions cannot be read; holes of the last run stay unmarked",
                metadata: [IRCLogKey.error: "\(error)"]
            )
            return
        }
        guard !remains.sessions.isEmpty else { return }
        // The sign of life is up to a second old; the journal may know of a later one.
        let end = [remains.lastAlive, lastAccepted].compactMap(\.self).max() ?? clock.now()
        // A session may be younger than the last sign of life; it cannot have ended before it began.
        let ends = remains.sessions.map { $0.stopped(by: gateway, because: .crashed, at: max(end, $0.startedAt)) }
        try await publish(ends)
        for draft in ends { holes?.stopped(draft.subject, because: .crashed, at: draft.time) }
        logger.notice(
            "The last run ended without notice; its sessions are closed",
            metadata: [IRCLogKey.count: "\(remains.sessions.count)", IRCLogKey.lastAlive: "\(end)"]
        )
        // Until these ends are in the journal a crash would lose them, as it would those of this run.
        let time = clock.now()
        state.withLock { $0.ledger.remember(ended: remains.sessions, at: time) }
        await save()
    }

    /// Writes the sign of life, and what changed, each second until cancelled.
    func keepAlive() async {
        while !Task.isCancelled {
            do {
                if isDurable() { try await file.touch(at: clock.now()) }
                await save()
            } catch {
                note(failure: error)
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Opens a session; the result is to be published next, before anything that is heard in it.
    func started(_ login: String, roomID: String, connection: Int) async -> EventDraft? {
        let time = clock.now()
        let draft = state.withLock { $0.ledger.start(login, roomID: roomID, connection: connection, at: time) }
        if draft != nil {
            holes?.started(login, roomID: roomID, at: time)
            await save()
        }
        return draft
    }

    /// Closes a session; the result is to be published behind everything that was heard in it.
    func stop(_ login: String, connection: Int, because reason: StopReason) -> EventDraft? {
        let time = clock.now()
        let draft = state.withLock { state in
            let draft = state.ledger.stop(login, connection: connection, because: reason, at: time)
            if draft != nil { state.untoldEnds += 1 }
            return draft
        }
        if let draft { holes?.stopped(login, because: reason, at: draft.time) }
        return draft
    }

    /// Publishes the end of one session.
    func stopped(_ login: String, connection: Int, because reason: StopReason) async throws {
        guard let draft = stop(login, connection: connection, because: reason) else { return }
        try await publishEnds([draft])
    }

    /// A JOIN was refused; the result is to be published.
    func refused(_ login: String, _ refusal: JoinRefusal, connection: Int) -> EventDraft {
        let time = clock.now()
        return state.withLock { state in
            state.untoldEnds += 1
            return state.ledger.refused(login, connection: connection, because: refusal.refusalReason, at: time)
        }
    }

    /// Publishes the end of all sessions of a connection that was listened to until `end`.
    func stoppedAll(connection: Int, because reason: StopReason, at end: Timestamp) async throws {
        let time = clock.now()
        let drafts = state.withLock { state in
            let drafts = state.ledger.stopAll(connection: connection, because: reason, since: end, at: time)
            state.untoldEnds += drafts.count
            return drafts
        }
        guard !drafts.isEmpty else { return }
        for draft in drafts { holes?.stopped(draft.subject, because: reason, at: draft.time) }
        try await publishEnds(drafts)
    }

    private func publishEnds(_ drafts: [EventDraft]) async throws {
        do {
            try await publish(drafts)
        } catch {
            lostEnds()
            throw error
        }
        told(drafts)
        await save()
    }

    /// Events were taken over; the sessions whose ends are among them can be forgotten.
    func told(_ events: [EventDraft]) {
        let ends = events.count { $0.type == .collectionStopped }
        if ends > 0 { state.withLock { $0.untoldEnds -= ends } }
    }

    /// Events were refused, and the ends of sessions may have been among them: the next start is to tell them.
    func lostEnds() { state.withLock { $0.hasLostEnds = true } }

    /// Writes what changed since the last time; when everything is told, as soon as the journal has it.
    func saveNow() async {
        for _ in 0..<25 where !isCommitted() {
            guard isDurable() else { break }
            try? await Task.sleep(for: .milliseconds(10))
        }
        await save()
    }

    private func save() async {
        do {
            try await file.save { [self] in
                // Ends that wait in memory are lost with the process: until they do not, the sessions stay on disk.
                let isDurable = isDurable()
                let safe = Timestamp(rawValue: clock.now().rawValue - Self.commitTime)
                return state.withLock { state in
                    if isDurable, !state.hasLostEnds, state.untoldEnds == 0 {
                        // Asked when all have been told: before, it would say nothing about the last of them.
                        state.ledger.settle(toldBefore: isCommitted() ? nil : safe)
                    }
                    guard state.saved != state.ledger.version else { return nil }
                    state.saved = state.ledger.version
                    return state.ledger.sessions
                }
            }
            note(failure: nil)
        } catch {
            state.withLock { $0.saved = -1 }
            note(failure: error)
        }
    }

    /// One line when writing begins to fail, one when it works again.
    private func note(failure: (any Error)?) {
        let changed = state.withLock { state in
            defer { state.isFailing = failure != nil }
            return state.isFailing != (failure != nil)
        }
        guard changed else { return }
        if let failure {
            logger.warning(
                "The list of open sessions cannot be written; a crash would leave them without an end",
                metadata: [IRCLogKey.error: "\(failure)"]
            )
        } else {
            logger.notice("The list of open sessions is written again")
        }
    }
}
