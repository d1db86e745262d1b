import Logging
import Protocol
import Synchronization
import ZeroMQ

/// The token publisher's thread: sends changes, beats, answers requests, keeps the allow-list fresh.
struct TokenServeLoop {
    typealias Instant = ContinuousClock.Instant

    private static let burst = 64
    private let publisher: TokenPublisher
    private let sockets: ProducerSockets

    init(_ publisher: TokenPublisher, on sockets: ProducerSockets) {
        self.publisher = publisher
        self.sockets = sockets
    }

    /// Serves until the publisher is told to stop.
    func run() throws {
        let timing = publisher.configuration.timing
        var nextBeat = Instant.now
        var nextAccess = Instant.now
        var poller = Poller()
        let keeper = SocketKeeper(publisher.logger)
        while !publisher.contents.withLock({ $0.isStopped }) {
            try sendChanges()
            let now = Instant.now
            if nextBeat <= now {
                try beat()
                nextBeat = now + timing.heartbeat
            }
            if nextAccess <= now {
                // Those who have a token keep it, and ask again when the endpoint is back.
                _ = keeper.keep(sockets, at: now)
                nextAccess = now + timing.access
            }
            try wait(&poller, max(.zero, min(nextBeat, nextAccess) - .now))
        }
        try sendChanges()
    }

    /// Waits for a request and answers it, or until there is something else to do.
    func wait(_ poller: inout Poller, _ timeout: Duration) throws {
        poller.removeAll()
        _ = poller.add(publisher.wakeUp)
        let place = sockets.requestTarget.map { poller.add($0) }
        guard try poller.wait(timeout) > 0 else { return }
        publisher.wakeUp.reset()
        guard let place, poller.isReadable(place) else { return }
        try sockets.answerRequests(Self.burst) { request, _ in reply(to: request) }
    }

    func beat() throws {
        try sockets.beat { heads in
            try HeartbeatCodec.encode(
                Heartbeat(
                    producer: publisher.lock.producer,
                    service: TokenPublisher.service,
                    epoch: publisher.lock.epoch,
                    partitions: Partition.count,
                    heads: heads
                )
            )
        }
    }

    private func sendChanges() throws {
        let changes = publisher.contents.withLock { contents in
            defer { contents.changes = [] }
            return contents.changes
        }
        try sockets.publish(changes.map(frame))
    }

    private func frame(_ change: TokenLedger.Change) -> JournalEvent {
        let draft = EventDraft(
            domain: .token,
            subject: TokenLedger.subject,
            time: publisher.configuration.clock.now(),
            event: change.event
        )
        let frame = EventFrame.encode(
            draft,
            service: TokenPublisher.service,
            producer: publisher.lock.producer,
            partition: TokenLedger.partition,
            offset: change.offset,
            previous: change.previous
        )
        return JournalEvent(
            partition: TokenLedger.partition,
            offset: change.offset,
            previous: change.previous,
            frame: frame,
            jsonStart: 0
        )
    }

    // MARK: Requests

    private func reply(to frame: [UInt8]) -> BusReply {
        do throws(ErrorReply) {
            return try answer(try BusRequest.decode(frame))
        } catch {
            return .error(error)
        }
    }

    private func answer(_ request: BusRequest) throws(ErrorReply) -> BusReply {
        switch request {
        case .hello(let request):
            return .hello(
                HelloReply(
                    request: request.request,
                    service: TokenPublisher.service,
                    producer: publisher.lock.producer,
                    epoch: publisher.lock.epoch,
                    partitions: Partition.count
                )
            )
        case .heads(let request):
            return .heads(HeadsReply(request: request.request, heads: sockets.heads))
        case .snap(let request):
            return try snap(request)
        case .fetch, .ack:
            let message = "tokens are a state, not a log; ask SNAP for \(TokenLedger.topic)"
            throw ErrorReply(request: request.request, code: "unavailable", message: message)
        }
    }

    private func snap(_ request: SnapRequest) throws(ErrorReply) -> BusReply {
        guard request.topic == TokenLedger.topic else {
            let message = "this producer has no such state, only \(TokenLedger.topic)"
            throw ErrorReply(request: request.request, code: "unknown_topic", message: message)
        }
        let ledger = publisher.contents.withLock { $0.isOpen ? $0.ledger : nil }
        guard let ledger else {
            throw ErrorReply(request: request.request, code: "unavailable", message: "not ready; ask again")
        }
        return .snap(SnapReply(request: request.request, version: ledger.version, state: ledger.state))
    }
}

extension TokenPublisher {
    /// The service's name on the bus.
    static let service = "token-service"
}
