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

    /// How long the journal takes at most for what was published, while it is durable.
    private static let commitTime = Duration.seconds(2)

    let gateway: String
    private let file: SessionFile
    private let clock: SteadyClock
    private let boot: @Sendable () -> BootTime?
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
    ///   - clock: tells when sessions begin and end; when it was set, they are told again.
    ///   - boot: tells the machine's own time, by which a start finds out that the last run's clock was wrong.
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
        clock: SteadyClock,
        boot: @escaping @Sendable () -> BootTime? = { BootTime.now() },
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
        self.boot = boot
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
        let remains: SessionRemains
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
        let now = clock.reading
        let ending = remains.ending(lastAccepted: lastAccepted, now: now.time, boot: boot())
        let drafts = ending.drafts(by: gateway)
        try await publish(drafts)
        for draft in drafts where draft.type == .collectionStopped {
            holes?.stopped(draft.subject, because: .crashed, at: draft.time)
        }
        logger.notice(
            "The last run ended without notice; its sessions are closed",
            metadata: [IRCLogKey.count: "\(remains.sessions.count)", IRCLogKey.lastAlive: "\(ending.at)"]
        )
        // Until these ends are in the journal a crash would lose them, as it would those of this run.
        state.withLock { $0.ledger.remember(ended: ending.sessions, at: now.instant) }
        await save()
    }

    /// Writes the sign of life, and what changed, each second until cancelled.
    func keepAlive() async {
        while !Task.isCancelled {
            do {
                try await follow(clock.takeSteps())
                if isDurable() { try await file.touch(at: clock.now(), boot: boot()) }
                await save()
            } catch {
                note(failure: error)
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// The machine's clock was set: what was told by the one before is told again.
    func follow(_ steps: [SteadyClock.Step]) async throws {
        guard !steps.isEmpty else { return }
        let now = clock.reading
        let drafts = state.withLock { state in
            let drafts = state.ledger.retell(after: steps, at: now)
            state.untoldEnds += Self.ends(drafts)
            return drafts
        }
        holes?.clockWasSet(byMilliseconds: steps.reduce(0) { $0 &+ $1.milliseconds })
        logger.notice(
            "The clock of this machine was set; the sessions are told again",
            metadata: [
                IRCLogKey.count: "\(drafts.count)",
                "clock.step": "\(steps.map { "\($0.milliseconds)ms" }.joined(separator: ", "))",
            ]
        )
        guard !drafts.isEmpty else { return }
        try await publishEnds(drafts)
    }

    /// Opens a session; the result is to be published next, before anything that is heard in it.
    func started(_ login: String, roomID: String, connection: Int) async -> EventDraft? {
        let now = clock.reading
        let draft = state.withLock { $0.ledger.start(login, roomID: roomID, connection: connection, at: now) }
        if draft != nil {
            holes?.started(login, roomID: roomID, at: now.time)
            await save()
        }
        return draft
    }

    /// A channel that Twitch had left us out of is heard again: closes the session as of when it was last heard, and opens
    /// another as of when it was joined again. To be published next, before what was heard now.
    func rejoined(
        _ login: String,
        connection: Int,
        lastHeard: SteadyClock.Instant,
        joinedAgain: SteadyClock.Instant
    ) async -> [EventDraft] {
        let now = clock.reading
        let drafts = state.withLock { state in
            let roomID = state.ledger.roomID(of: login, connection: connection)
            guard
                let stop = state.ledger.stop(
                    login,
                    connection: connection,
                    because: .dropped,
                    since: lastHeard,
                    at: now
                ),
                let start = state.ledger.start(
                    login,
                    roomID: roomID,
                    connection: connection,
                    since: joinedAgain,
                    at: now
                )
            else { return [EventDraft]() }
            state.untoldEnds += 1
            return [stop, start]
        }
        guard drafts.count == 2 else { return drafts }
        holes?.stopped(login, because: .dropped, at: drafts[0].time)
        holes?.started(login, roomID: "", at: drafts[1].time)
        await save()
        return drafts
    }

    /// Closes a session; the result is to be published behind everything that was heard in it.
    func stop(_ login: String, connection: Int, because reason: StopReason) -> EventDraft? {
        let now = clock.reading
        let draft = state.withLock { state in
            let draft = state.ledger.stop(login, connection: connection, because: reason, at: now)
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
        let now = clock.reading
        return state.withLock { state in
            state.untoldEnds += 1
            return state.ledger.refused(login, connection: connection, because: refusal.refusalReason, at: now)
        }
    }

    /// Publishes the end of all sessions of a connection that was listened to until `end`.
    func stoppedAll(connection: Int, because reason: StopReason, at end: SteadyClock.Instant)
        async throws
    {
        let now = clock.reading
        let drafts = state.withLock { state in
            let drafts = state.ledger.stopAll(connection: connection, because: reason, since: end, at: now)
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
        let ends = Self.ends(events)
        if ends > 0 { state.withLock { $0.untoldEnds -= ends } }
    }

    private static func ends(_ events: [EventDraft]) -> Int { events.count { $0.type == .collectionStopped } }

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
                let safe = clock.reading.instant - Self.commitTime
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
