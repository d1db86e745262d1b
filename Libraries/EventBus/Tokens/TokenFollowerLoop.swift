import Logging
import Protocol
import ZeroMQ

/// The token follower's thread: owns every socket and asks `TokenSelection` what to do.
final class TokenFollowerLoop {
    typealias Instant = ContinuousClock.Instant

    private static let mostLinks = 16
    private static let burst = 64

    private let timing: TokenTiming
    private let security: BusSecurity?
    private let mailbox: FollowerMailbox
    private let context: Context
    private let logger: Logger
    private let onFollowing: (Bool) -> Void
    private let onChange: (String, TokenIssued?) -> Void
    private var links: [BusAddress: TokenLink] = [:]
    private var selection = TokenSelection()
    private var lastRequest = 0
    /// Complaints that were logged, so that each is said once.
    private var complaints: Set<String> = []

    init(
        timing: TokenTiming,
        security: BusSecurity?,
        mailbox: FollowerMailbox,
        context: Context,
        logger: Logger,
        onFollowing: @escaping (Bool) -> Void,
        onChange: @escaping (String, TokenIssued?) -> Void
    ) {
        self.timing = timing
        self.security = security
        self.mailbox = mailbox
        self.context = context
        self.logger = logger
        self.onFollowing = onFollowing
        self.onChange = onChange
    }

    /// Follows until the mailbox says stop.
    func run() throws {
        var poller = Poller()
        while true {
            mailbox.wakeUp.reset()
            let told = mailbox.take()
            if told.isStopped { return }
            if let addresses = told.addresses { try connect(addresses) }
            let now = Instant.now
            for link in links.values { try renewIfSilent(link, now) }
            for link in links.values { try ask(link, now) }
            onFollowing(links.values.contains { isFollowing($0) })

            poller.removeAll()
            _ = poller.add(mailbox.wakeUp)
            let places = links.values.map { ($0, poller.add($0.events), poller.add($0.requests)) }
            guard try poller.wait(untilNextDeadline(now)) > 0 else { continue }
            for (link, events, requests) in places {
                if poller.isReadable(requests) { try receiveReplies(link) }
                if poller.isReadable(events) { try receiveEvents(link) }
            }
        }
    }

    // MARK: Connections

    private func connect(_ addresses: Set<BusAddress>) throws {
        let now = Instant.now
        // What is gone is kept while it still speaks: a name may resolve to nothing for a moment.
        for (address, link) in links { link.isWithdrawn = !addresses.contains(address) }
        for address in addresses.subtracting(links.keys).prefix(max(0, Self.mostLinks - links.count)) {
            guard let encryption = encryption(for: address) else { continue }
            links[address] = try whereDescriptorsAreLeft {
                try TokenLink(address, curve: encryption.role, context: context, now: now)
            }
        }
    }

    /// How a connection is encrypted; no role is plain text.
    private struct Encryption {
        var role: CurveRole?
    }

    /// How to connect there; nil while that would not be safe or the key cannot be read.
    private func encryption(for address: BusAddress) -> Encryption? {
        do {
            try TokenEndpoint.check(address, security: security)
            guard let name = address.keyName else { return Encryption() }
            return Encryption(role: try security?.client(of: name))
        } catch {
            complain("\(error)")
            return nil
        }
    }

    private func complain(_ reason: String) {
        guard complaints.count < 64, complaints.insert(reason).inserted else { return }
        logger.warning("cannot connect to the token service", metadata: ["reason": "\(reason)"])
    }

    private func renewIfSilent(_ link: TokenLink, _ now: Instant) throws {
        guard now - link.lastHeard >= timing.silence || link.pending.values.contains(where: { $0.deadline <= now })
        else { return }
        if let producer = link.producer {
            if now - link.lastHeard >= timing.silence {
                logger.warning("the token service is silent", metadata: ["bus.producer": "\(producer)"])
                selection.isAbsent(producer)
                link.producer = nil
            }
        }
        if link.isWithdrawn, now - link.lastHeard >= timing.silence {
            links[link.address] = nil
            return
        }
        guard let encryption = encryption(for: link.address) else {
            // Not safe any more, or not for now: look again at the next deadline.
            link.lastHeard = now
            return
        }
        guard let requests = try whereDescriptorsAreLeft({ try link.renew(encryption.role, now: now) }) else {
            link.lastHeard = now
            return
        }
        for request in requests { failed(request, of: link) }
    }

    /// A connection that cannot be made because no descriptor is left is made later.
    private func whereDescriptorsAreLeft<Result>(_ connect: () throws -> Result) throws -> Result? {
        do {
            return try connect()
        } catch let error as ZeroMQError where error.isOutOfDescriptors {
            complain("\(error)")
            return nil
        }
    }

    private func failed(_ request: Int, of link: TokenLink) {
        guard let producer = link.producer else { return }
        _ = selection.update(producer) { $0.requestFailed(request) }
    }

    private func isFollowing(_ link: TokenLink) -> Bool {
        link.producer.flatMap { selection.views[$0]?.mode } == .following
    }

    // MARK: Asking

    private func ask(_ link: TokenLink, _ now: Instant) throws {
        guard link.retryAt <= now else { return }
        let deadline = now + timing.requestTimeout
        if link.needsHello {
            guard !link.isHelloUnderWay else { return }
            lastRequest += 1
            _ = try link.ask(.hello(HelloRequest(request: lastRequest)), deadline: deadline)
            return
        }
        guard let producer = link.producer else { return }
        let number = lastRequest + 1
        guard selection.update(producer, { $0.takeRequest(number) }).result else { return }
        lastRequest = number
        let request = BusRequest.snap(SnapRequest(request: number, topic: TokenLedger.topic))
        if try !link.ask(request, deadline: deadline) { failed(number, of: link) }
    }

    private func receiveReplies(_ link: TokenLink) throws {
        for _ in 0..<Self.burst {
            guard let frame = try link.requests.receive() else { return }
            // What cannot be read is asked for again when its time is over.
            guard let reply = try? BusReply.decode(frame), link.pending.removeValue(forKey: reply.request) != nil else {
                continue
            }
            link.lastHeard = .now
            take(reply, from: link)
        }
    }

    private func take(_ reply: BusReply, from link: TokenLink) {
        switch reply {
        case .hello(let hello):
            guard hello.service == TokenPublisher.service else {
                complain("\(link.address) is \(hello.service); check TOKEN_SERVICE_BUS")
                link.retryAt = .now + link.backoff.failed()
                return
            }
            link.needsHello = false
            if let before = link.producer, before != hello.producer { selection.isAbsent(before) }
            link.producer = hello.producer
            selection.isPresent(hello.producer)
            _ = selection.update(hello.producer) { $0.hello(epoch: hello.epoch) }
        case .snap(let snap):
            takeSnapshot(snap, from: link)
        default:
            failed(reply.request, of: link)
            link.retryAt = .now + link.backoff.failed()
            if case .error(let error) = reply, error.code != "unavailable" { complain(error.message) }
        }
    }

    private func takeSnapshot(_ snap: SnapReply, from link: TokenLink) {
        guard let producer = link.producer else { return }
        guard let tokens = try? TokenLedger.tokens(in: snap.state) else {
            complain("its state cannot be read; run the same version of both")
            failed(snap.request, of: link)
            link.retryAt = .now + link.backoff.failed()
            return
        }
        let update = selection.update(producer) {
            $0.snapshot(version: snap.version, tokens, request: snap.request)
        }
        var changed = update.changed
        if update.result == .applied {
            link.backoff.succeeded()
            logger.info(
                "following the token service",
                metadata: ["bus.producer": "\(producer)", "tokens": "\(tokens.map(\.kind).sorted())"]
            )
            changed += selection.isKnown(producer)
        } else {
            link.retryAt = .now + link.backoff.failed()
        }
        tell(changed)
    }

    // MARK: Listening

    private func receiveEvents(_ link: TokenLink) throws {
        for _ in 0..<Self.burst {
            guard let frame = try link.events.receive() else { return }
            link.lastHeard = .now
            if HeartbeatCodec.matches(frame) {
                heartbeat(frame, from: link)
            } else {
                change(frame, from: link)
            }
        }
    }

    private func heartbeat(_ frame: [UInt8], from link: TokenLink) {
        guard let heartbeat = try? HeartbeatCodec.decode(frame), let producer = known(heartbeat.producer, on: link)
        else {
            return
        }
        selection.isPresent(producer)
        let head = heartbeat.heads[TokenLedger.partition] ?? .zero
        let update = selection.update(producer) { $0.heartbeat(epoch: heartbeat.epoch, head: head) }
        if update.result == .restarted { link.needsHello = true }
    }

    private func change(_ frame: [UInt8], from link: TokenLink) {
        guard let line = frame.firstIndex(of: UInt8(ascii: "\n")),
            let envelope = try? EventCodec.decode(frame[(line + 1)...]),
            let producer = known(envelope.producer, on: link)
        else { return }
        let update = selection.update(producer) {
            $0.change(envelope.event, previous: envelope.previous, offset: envelope.offset)
        }
        if update.result == .restarted { link.needsHello = true }
        tell(update.changed)
    }

    /// The link's producer if it is the one that speaks; another one has to introduce itself first.
    private func known(_ producer: String, on link: TokenLink) -> String? {
        guard link.producer == producer else {
            link.needsHello = true
            return nil
        }
        return producer
    }

    private func tell(_ changed: [String]) {
        for kind in changed {
            let token = selection.current[kind]
            logger.info(
                token == nil ? "a token was withdrawn" : "a token was received",
                metadata: ["token": "\(token.map { "\($0)" } ?? kind)"]
            )
            onChange(kind, token)
        }
    }

    private func untilNextDeadline(_ now: Instant) -> Duration {
        var next = now + .seconds(1)
        for link in links.values {
            for pending in link.pending.values { next = min(next, pending.deadline) }
            if link.retryAt > now { next = min(next, link.retryAt) }
            next = min(next, link.lastHeard + timing.silence)
        }
        return max(.zero, next - now)
    }
}
