import Logging
import Metrics
import Protocol
import Synchronization
import ZeroMQ

/// The serving thread: answers requests from the journal, beats, prunes, and looks after abandoned slots.
final class ServeLoop {
    typealias Instant = ContinuousClock.Instant

    /// Tells the thread to stop, from any other.
    final class Stop: Sendable {
        let wakeUp: WakeUp
        private let isSet = Atomic(false)

        init() throws(ZeroMQError) {
            wakeUp = try WakeUp()
        }

        var isRequested: Bool { isSet.load(ordering: .acquiring) }

        func request() {
            isSet.store(true, ordering: .releasing)
            wakeUp.signal()
        }
    }

    /// Requests answered for one producer before the others have their turn.
    private static let burst = 64

    private let own: ServedJournal
    private let adoption: AbandonedSlots
    private let stop: Stop
    private let timing: PublisherTiming
    private let clock: WallClock
    private let metrics: PublisherMetrics
    private let onForeignArchive: @Sendable (String?) -> Void
    private let logger: Logger
    private let pacedLogger: PacedLogger
    private let keeper: SocketKeeper
    private let trouble: PublisherTrouble
    private var foreignArchive = ForeignArchive()
    private var poller = Poller()
    private var nextBeat = Instant.now
    private var nextPrune = Instant.now
    private var nextAdoption: Instant
    private var nextAccess: Instant
    /// Whether a writer has acknowledged in this run, so that waiting for it makes sense.
    private var hasAcknowledged = false
    private var lag = DeliveryLag()

    init(
        _ own: ServedJournal,
        adopting adoption: AbandonedSlots,
        until stop: Stop,
        timing: PublisherTiming,
        clock: WallClock,
        metrics: PublisherMetrics,
        trouble: PublisherTrouble,
        onForeignArchive: @escaping @Sendable (String?) -> Void = { _ in },
        logger: Logger
    ) {
        self.own = own
        self.onForeignArchive = onForeignArchive
        self.adoption = adoption
        self.stop = stop
        self.timing = timing
        self.clock = clock
        self.metrics = metrics
        self.trouble = trouble
        self.logger = logger
        pacedLogger = PacedLogger(logger)
        keeper = SocketKeeper(logger)
        nextAdoption = .now + timing.adoption
        nextAccess = .now + timing.access
    }

    /// Serves until the stop is requested, takes leave of the followers, then gives up what was adopted.
    func run() throws {
        defer { adoption.releaseAll() }
        while !stop.isRequested { try serve(atMost: .seconds(60)) }
        // What was published last is announced, so that nobody learns of it only after the next start.
        try own.beat()
        try takeLeave()
    }

    /// What a writer lacks it can only fetch from us: it gets the time to store it, if it lives.
    ///
    /// Without this, whoever stops everything in order leaves the last events to the next start.
    private func takeLeave() throws {
        let end = Instant.now + timing.farewell
        while hasAcknowledged, own.journal.undelivered, .now < end {
            stop.wakeUp.reset()
            try serve(atMost: end - .now)
        }
    }

    /// One round: what is due, then the requests that come within `limit` at most.
    private func serve(atMost limit: Duration) throws {
        let now = Instant.now
        if nextBeat <= now {
            for served in all { try served.beat() }
            showLag(now)
            if foreignArchive.hasEnded(at: now) { onForeignArchive(nil) }
            nextBeat = now + timing.heartbeat
        }
        if nextPrune <= now {
            for served in all { prune(served) }
            nextPrune = now + timing.prune
        }
        if nextAdoption <= now {
            if !stop.isRequested { adoption.look() }
            nextAdoption = now + timing.adoption
        }
        if nextAccess <= now {
            keepSockets(now)
            nextAccess = now + timing.access
        }

        poller.removeAll()
        _ = poller.add(stop.wakeUp)
        var places: [(ServedJournal, Int)] = []
        for served in all {
            guard let target = served.sockets.requestTarget else { continue }
            places.append((served, poller.add(target)))
        }
        let wait = max(.zero, min(min(nextBeat, nextPrune, nextAdoption, nextAccess) - .now, limit))
        guard try poller.wait(wait) > 0 else { return }
        for (served, place) in places where poller.isReadable(place) { try answer(served) }
    }

    /// Binds anew what has to be. Of an adopted slot nobody's health tells: its own process would.
    private func keepSockets(_ now: Instant) {
        for served in adoption.served { _ = keeper.keep(served.sockets, at: now) }
        trouble.set(.sockets, keeper.keep(own.sockets, at: now))
        trouble.set(.files, own.journal.checkFiles())
    }

    private var all: [ServedJournal] { [own] + adoption.served }

    private func answer(_ served: ServedJournal) throws {
        try served.sockets.answerRequests(Self.burst) { request, sender in
            metrics.requests.increment()
            return reply(to: request, from: sender, of: served)
        }
    }

    private func reply(to frame: [UInt8], from sender: RequestSender, of served: ServedJournal) -> BusReply {
        do throws(ErrorReply) {
            let request = try BusRequest.decode(frame)
            let reply = served.answer(request, from: sender) { refusal in
                metrics.refusedAcknowledgements.increment()
                pacedLogger.warning("refused an acknowledgement", metadata: ["reason": "\(refusal)"])
                if case .otherDatabase = refusal { noteRefusal(of: request, by: served.journal) }
            }
            if case .fetch(_, let frames) = reply { metrics.fetchedEvents.increment(by: frames.count) }
            if case .ack(let ack) = reply { hasAcknowledged = hasAcknowledged || ack.accepted }
            return reply
        } catch {
            metrics.malformedRequests.increment()
            return .error(error.shortened)
        }
    }

    /// Who has to store what we accept stores it elsewhere: that is no matter for the log alone.
    private func noteRefusal(of request: BusRequest, by journal: Journal) {
        guard case .ack(let request) = request, journal.configuration.requiredGroups.contains(request.group),
            foreignArchive.refused(at: .now)
        else { return }
        onForeignArchive(ForeignArchive.reason)
    }

    private func prune(_ served: ServedJournal) {
        let report = served.journal.prune()
        if !report.lost.isEmpty {
            logger.error(
                "the journal is at its size limit: events that no writer had stored were removed",
                metadata: [
                    "bus.producer": "\(served.journal.slot.producer)", "partitions": "\(report.lost.count)",
                    "hint": "start the writer, or raise the journal's size limit",
                ]
            )
        }
        if served === own { showFiles() }
    }

    private func showFiles() {
        metrics.journalBytes.record(own.journal.bytes)
        metrics.journalCap.record(own.journal.configuration.capBytes)
        metrics.journalAge.record(own.journal.oldestAge(now: clock.now()) / .seconds(1))
    }

    private func showLag(_ now: Instant) {
        let journal = own.journal
        let waited = lag.look(at: journal.heads(), now: now) { journal.isDelivered(through: $0) }
        metrics.undelivered.record(waited / .seconds(1))
    }
}

extension ErrorReply {
    /// What was not understood may be quoted in the message, but not at length.
    fileprivate var shortened: ErrorReply {
        ErrorReply(request: request, code: code, message: String(message.prefix(200)))
    }
}
