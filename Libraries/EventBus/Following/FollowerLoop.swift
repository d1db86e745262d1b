import Logging
import Metrics
import Protocol
import ZeroMQ

/// The follower's thread: owns every socket, asks `FollowerState` what to do, and never waits for the consumer.
final class FollowerLoop {
    typealias Instant = ContinuousClock.Instant

    struct Settings: Sendable {
        var group: String?
        var replacesArchive = false
        var recovery: EventFollower.Configuration.Recovery
        var filter: TopicFilter
        var receiveHighWaterMark: Int32
        var timing: FollowerTiming
        var security: BusSecurity?
        var epochSlack: Duration
        var clock: WallClock
        /// How many bytes of events one FETCH asks for.
        var pageBytes = 1 << 20
    }

    /// Frames read from one socket before the others have their turn.
    static let burst = 256
    /// How often it is written down who is heard.
    private static let reachInterval: Duration = .milliseconds(200)
    private static let mostLinks = 256

    let settings: Settings
    let queue: DeliveryQueue
    let metrics = FollowerMetrics()
    let logger: Logger
    let pacedLogger: PacedLogger
    private let mailbox: FollowerMailbox
    private let board: ReachBoard
    private let context: Context
    var links: [BusAddress: ProducerLink] = [:]
    var producers: [String: FollowedProducer] = [:]
    var trust = ProducerTrust()
    private var reachWritten: Instant?
    /// Copies of a producer that run beside it.
    var rivals = RivalStarts()
    private var lastRequest = 0
    /// Whether the sockets were left unread in the last round because the queue was full.
    private var wasPaused = false
    /// Complaints about keys that were logged, so that each is said once.
    private var keyFaults: Set<String> = []

    init(
        _ settings: Settings,
        mailbox: FollowerMailbox,
        queue: DeliveryQueue,
        board: ReachBoard,
        context: Context,
        logger: Logger
    ) {
        self.settings = settings
        self.mailbox = mailbox
        self.queue = queue
        self.board = board
        self.context = context
        self.logger = logger
        pacedLogger = PacedLogger(logger)
    }

    /// Receives until the mailbox says stop.
    func run() throws {
        var poller = Poller()
        var frame: [UInt8] = []
        while true {
            mailbox.wakeUp.reset()
            let told = mailbox.take()
            if told.isStopped { return }
            try obey(told)

            let now = ContinuousClock.now
            let hasRoom = queue.hasRoom()
            if hasRoom, wasPaused { resumeListening(now) }
            wasPaused = !hasRoom
            if hasRoom { try renewRefused(now) }
            for link in links.values { try ask(link, now, hasRoom: hasRoom) }
            if hasRoom {
                reportSilence(now)
                writeReach(now)
            }

            poller.removeAll()
            _ = poller.add(mailbox.wakeUp)
            var requestPlaces: [(ProducerLink, Int)] = []
            var eventPlaces: [(ProducerLink, Int)] = []
            for link in links.values {
                requestPlaces.append((link, poller.add(link.requests)))
                if hasRoom, listens(to: link) { eventPlaces.append((link, poller.add(link.events))) }
            }
            guard try poller.wait(untilNextDeadline(now, hasRoom: hasRoom)) > 0 else { continue }
            for (link, place) in requestPlaces where poller.isReadable(place) {
                try receiveReplies(link, into: &frame)
            }
            for (link, place) in eventPlaces where poller.isReadable(place) {
                try receiveEvents(link)
            }
            metrics.queueDepth.record(queue.count)
        }
    }

    // MARK: What others want

    private func obey(_ told: FollowerMailbox.Contents) throws {
        if let addresses = told.addresses { try connect(addresses) }
        for (id, wanted) in told.starts {
            guard let producer = producers[id] else { continue }
            producer.generation = wanted.generation
            if let partitions = wanted.partitions { try select(partitions, of: producer) }
            switch wanted.begin {
            case .after(let offsets): producer.state.start(after: offsets, partitions: producer.partitions)
            case .head: producer.state.startAtHead()
            }
        }
        for (id, acknowledgement) in told.acknowledgements {
            guard let producer = producers[id] else { continue }
            producer.acknowledgement = producer.acknowledgement?.merging(acknowledgement) ?? acknowledgement
            producer.isAcknowledgementDue = true
        }
    }

    private func select(_ partitions: Set<Int>, of producer: FollowedProducer) throws {
        producer.partitions = partitions.intersection(settings.filter.partitions)
        for link in links.values where link.producer === producer { try subscribe(link, to: producer.partitions) }
        // What another writer has now is no longer ours to tell.
        producer.acknowledgement = producer.acknowledgement?.only(producer.partitions)
    }

    func subscribe(_ link: ProducerLink, to partitions: Set<Int>) throws {
        try link.subscribe(to: Set(settings.filter.subscriptions(to: partitions)))
    }

    private func connect(_ addresses: Set<BusAddress>) throws {
        let now = ContinuousClock.now
        for address in addresses.subtracting(links.keys).prefix(max(0, Self.mostLinks - links.count)) {
            guard let curve = curve(for: address) else { continue }
            links[address] = try whereDescriptorsAreLeft {
                try ProducerLink(
                    address,
                    subscriptions: settings.filter.subscriptions,
                    receiveHighWaterMark: settings.receiveHighWaterMark,
                    curve: curve.role,
                    context: context,
                    now: now
                )
            }
            logger.debug("connecting to a producer", metadata: ["bus.endpoint": "\(address)"])
        }
        // What is gone is kept while it still speaks: a name may resolve to nothing for a moment.
        for link in links.values { link.isWithdrawn = !addresses.contains(link.address) }
        for (address, link) in links where link.isWithdrawn && link.isSilent {
            links[address] = nil
            logger.debug("a producer's endpoint is gone", metadata: ["bus.endpoint": "\(address)"])
        }
    }

    /// A connection that cannot be made because no descriptor is left is made later: with the next look at the endpoints,
    /// or the next deadline.
    private func whereDescriptorsAreLeft<Result>(_ connect: () throws -> Result) throws -> Result? {
        do {
            return try connect()
        } catch let error as ZeroMQError where error.isOutOfDescriptors {
            pacedLogger.warning("no descriptor is left for a connection; trying again", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// How a connection is encrypted; no role is plain text.
    private struct Encryption {
        var role: CurveRole?
    }

    /// How to connect there; nil while the producer's public key cannot be read.
    private func curve(for address: BusAddress) -> Encryption? {
        guard let name = address.keyName, let security = settings.security else { return Encryption() }
        do throws(BusSecurityError) {
            return Encryption(role: try security.client(of: name))
        } catch {
            if keyFaults.insert(error.description).inserted {
                logger.warning("cannot connect to a producer", metadata: ["reason": "\(error)"])
            }
            return nil
        }
    }

    /// Connects anew where an encrypted producer does not speak: it may have refused our key and now allow it, or have
    /// another key itself.
    private func renewRefused(_ now: Instant) throws {
        for link in links.values where link.isRenewalDue(after: settings.timing.silence, now) {
            guard let role = curve(for: link.address)?.role else { continue }
            let failed = try whereDescriptorsAreLeft { try link.renew(curve: role, now: now) }
            for request in failed ?? [] { link.producer?.state.requestFailed(request) }
        }
    }

    // MARK: Asking

    /// Sends what is to be asked now, and gives up what was asked too long ago.
    private func ask(_ link: ProducerLink, _ now: Instant, hasRoom: Bool) throws {
        if link.pending.values.contains(where: { $0.deadline <= now }) {
            metrics.failedRequests.increment()
            link.isAnswering = false
            // Asked until it answers, so that it is known when it does.
            link.needsHello = true
            if isAcknowledging(link) { link.producer?.isAcknowledgementDue = true }
            let failed = Array(link.pending.keys)
            _ = try whereDescriptorsAreLeft { try link.reconnectRequests() }
            for request in failed { link.producer?.state.requestFailed(request) }
            link.retryAt = now + link.backoff.failed()
        }
        guard link.retryAt <= now else { return }
        if link.needsHello, link.helloNotBefore <= now, !link.isPending({ $0 == .hello }) {
            try ask(link, .hello, now) { .hello(HelloRequest(request: $0, group: settings.group)) }
        }
        guard let producer = link.producer else { return }
        let number = lastRequest + 1
        if producer.state.takeHeadsRequest(number) {
            if try !ask(link, .heads, now, { .heads(HeadsRequest(request: $0)) }) {
                producer.state.requestFailed(number)
            }
        } else if hasRoom, let after = producer.state.takeFetch(number) {
            metrics.fetches.increment()
            let request = FetchRequest(request: number, after: after, maxBytes: settings.pageBytes)
            if try !ask(link, .fetch, now, { _ in .fetch(request) }) { producer.state.requestFailed(number) }
        }
        try acknowledge(producer, over: link, now)
    }

    private func acknowledge(_ producer: FollowedProducer, over link: ProducerLink, _ now: Instant) throws {
        guard let group = settings.group, let latest = producer.acknowledgement,
            latest != producer.confirmed || producer.isAcknowledgementDue, isAcknowledgeDue(link, now)
        else { return }
        producer.isAcknowledgementDue = false
        try ask(link, .acknowledge(latest), now) {
            .ack(
                AckRequest(
                    request: $0,
                    group: group,
                    database: latest.database,
                    committed: latest.committed,
                    replaces: settings.replacesArchive ? true : nil
                )
            )
        }
        link.lastAcknowledged = now
    }

    private func isAcknowledgeDue(_ link: ProducerLink, _ now: Instant) -> Bool {
        !isAcknowledging(link) && (link.lastAcknowledged.map { now - $0 >= settings.timing.acknowledgePause } ?? true)
    }

    private func isAcknowledging(_ link: ProducerLink) -> Bool {
        link.isPending { if case .acknowledge = $0 { true } else { false } }
    }

    @discardableResult
    private func ask(
        _ link: ProducerLink,
        _ question: ProducerLink.Question,
        _ now: Instant,
        _ request: (Int) -> BusRequest
    ) throws -> Bool {
        lastRequest += 1
        return try link.ask(question, request(lastRequest), deadline: now + settings.timing.requestTimeout)
    }

    // MARK: Listening

    /// While events are missing they come from the journal, and the SUB socket keeps what is published meanwhile.
    private func listens(to link: ProducerLink) -> Bool {
        switch link.producer?.state.mode {
        case nil, .waitingForStart, .live: true
        case .catchingUp, .waitingForHeads: false
        }
    }

    /// Nobody listened while the queue was full, so nobody was silent.
    private func resumeListening(_ now: Instant) {
        for link in links.values {
            if !link.isSilent { link.lastHeard = now }
            if link.lastEvent != nil { link.lastEvent = now }
        }
    }

    private func reportSilence(_ now: Instant) {
        for link in links.values where !link.isSilent && now - link.lastHeard >= settings.timing.silence {
            link.isSilent = true
            guard let producer = link.producer else { continue }
            logger.warning("a producer is silent", metadata: ["bus.producer": "\(producer.hello.producer)"])
            queue.put([about(producer, .silent(producer: producer.hello.producer))])
        }
    }

    /// Writes down who is heard. Not while the sockets are left unread: nobody is unheard for that.
    private func writeReach(_ now: Instant) {
        // Its events come from the journal for now.
        for link in links.values where !listens(to: link) && link.lastEvent != nil { link.lastEvent = now }
        guard reachWritten.map({ now - $0 >= Self.reachInterval }) ?? true else { return }
        reachWritten = now
        var reach = BusReach()
        for link in links.values.sorted(by: { $0.address.description < $1.address.description }) {
            if let refusal = link.refusal { reach.refusals.append("\(link.address): \(refusal)") }
            guard let producer = link.producer, link.isHeard(within: settings.timing.silence, now) else { continue }
            reach.heard.append(
                HeardProducer(
                    producer: producer.hello.producer,
                    service: producer.hello.service,
                    identity: link.identity,
                    heads: producer.heads
                )
            )
        }
        board.write(reach)
    }

    /// A delivery that no later `follow` makes void.
    func about(_ producer: FollowedProducer, _ event: BusEvent) -> DeliveryQueue.Delivery {
        DeliveryQueue.Delivery(event: event, producer: producer.hello.producer, generation: .max)
    }

    private func untilNextDeadline(_ now: Instant, hasRoom: Bool) -> Duration {
        var next = now + .seconds(1)
        for link in links.values {
            for pending in link.pending.values { next = min(next, pending.deadline) }
            if link.retryAt > now { next = min(next, link.retryAt) }
            if hasRoom, !link.isSilent { next = min(next, link.lastHeard + settings.timing.silence) }
            if let last = link.lastAcknowledged, let producer = link.producer,
                producer.acknowledgement != producer.confirmed
            {
                let due = last + settings.timing.acknowledgePause
                if due > now { next = min(next, due) }
            }
        }
        return max(.zero, next - now)
    }
}
