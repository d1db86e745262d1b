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
    private let logger: Logger

    init(
        _ own: ServedJournal,
        adopting adoption: AbandonedSlots,
        until stop: Stop,
        timing: PublisherTiming,
        clock: WallClock,
        metrics: PublisherMetrics,
        logger: Logger
    ) {
        self.own = own
        self.adoption = adoption
        self.stop = stop
        self.timing = timing
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until the stop is requested, then gives up what was adopted.
    func run() throws {
        defer { adoption.releaseAll() }
        var nextBeat = Instant.now
        var nextPrune = Instant.now
        var nextAdoption = Instant.now + timing.adoption
        var nextAccess = Instant.now + timing.access
        var poller = Poller()
        while !stop.isRequested {
            let now = Instant.now
            if nextBeat <= now {
                for served in all { try served.beat() }
                nextBeat = now + timing.heartbeat
            }
            if nextPrune <= now {
                for served in all { prune(served) }
                nextPrune = now + timing.prune
            }
            if nextAdoption <= now {
                adoption.look()
                nextAdoption = now + timing.adoption
            }
            if nextAccess <= now {
                try refreshAccess()
                nextAccess = now + timing.access
            }

            poller.removeAll()
            _ = poller.add(stop.wakeUp)
            var places: [(ServedJournal, Int)] = []
            for served in all {
                guard let target = served.sockets.requestTarget else { continue }
                places.append((served, poller.add(target)))
            }
            let wait = max(.zero, min(nextBeat, nextPrune, nextAdoption, nextAccess) - .now)
            guard try poller.wait(wait) > 0 else { continue }
            for (served, place) in places where poller.isReadable(place) { try answer(served) }
        }
        // What was published last is announced, so that nobody learns of it only after the next start.
        try own.beat()
    }

    private var all: [ServedJournal] { [own] + adoption.served }

    private func answer(_ served: ServedJournal) throws {
        try served.sockets.answerRequests(Self.burst) { request in
            metrics.requests.increment()
            return try reply(to: request, of: served).encode()
        }
    }

    /// Lets new keys in, and puts everybody out when one was removed: who may stay connects again.
    private func refreshAccess() throws {
        for served in all where served.sockets.access?.refresh(logger) == true { try served.sockets.rebind() }
    }

    private func reply(to frame: [UInt8], of served: ServedJournal) -> BusReply {
        do throws(ErrorReply) {
            let reply = served.answer(try BusRequest.decode(frame))
            if case .fetch(_, let frames) = reply { metrics.fetchedEvents.increment(by: frames.count) }
            if case .ack(let ack) = reply, let message = ack.message {
                logger.warning("refused an acknowledgement", metadata: ["reason": "\(message)"])
            }
            return reply
        } catch {
            metrics.malformedRequests.increment()
            return .error(error)
        }
    }

    private func prune(_ served: ServedJournal) {
        let report = served.journal.prune(now: clock.now())
        if !report.lost.isEmpty {
            logger.error(
                "the journal is at its size limit: events that no writer had stored were removed",
                metadata: [
                    "bus.producer": "\(served.journal.slot.producer)", "partitions": "\(report.lost.count)",
                    "hint": "start the writer, or raise the journal's size limit",
                ]
            )
        }
        if served === own { metrics.journalBytes.record(served.journal.bytes) }
    }
}
