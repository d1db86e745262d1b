import Protocol
import TestSupport

@testable import EventBus
@testable import writer

/// A writer's follower: production's state, queue and mailbox, with connections of the simulation instead of sockets.
final class SimulatedFollower {
    /// One producer as it is followed.
    private struct Link {
        var connection = SimulatedConnection()
        var needsHello = true
        var pending: [Int: ProducerLink.Question] = [:]
        var followed: FollowedProducer?
        /// Nothing gets through either way.
        var isCut = false
        var lastEvent: Duration?
        var isAnswering = false
    }

    /// As production's: who is silent for so long is not heard.
    private static let silence: Duration = .seconds(5)

    let queue: DeliveryQueue
    private let mailbox: FollowerMailbox
    private var links: [String: Link] = [:]
    private let clock: SimulatedClock
    private var trust = ProducerTrust()
    private var lastRequest = 0
    private(set) var tally = SimulationTally()

    init(queueLimit: Int, clock: SimulatedClock) throws {
        self.clock = clock
        mailbox = try FollowerMailbox()
        queue = DeliveryQueue(eventLimit: queueLimit, byteLimit: 1 << 20, wakingUp: mailbox.wakeUp)
    }

    func takeTally() -> SimulationTally {
        defer { tally = SimulationTally() }
        return tally
    }

    var story: [String] {
        links.sorted { $0.key < $1.key }.map { name, link in
            let cursors = link.followed?.state.cursors.filter { $0 > .zero }.map(\.description) ?? []
            return "\(name): \(link.followed.map { "\($0.state.mode)" } ?? "unknown"), "
                + "\(link.needsHello ? "needs HELLO, " : "")pending \(link.pending.count), cursors \(cursors)"
        }
    }

    // MARK: What the consumer says

    func follow(_ producer: String, from start: EventFollower.Start, partitions: Set<Int>?) {
        let generation = queue.restart(producer)
        mailbox.tell { $0.starts[producer] = FollowerMailbox.Start(start, generation, partitions) }
    }

    /// As production's thread writes it down.
    var reach: BusReach {
        let heard = links.sorted { $0.key < $1.key }.compactMap { name, link -> HeardProducer? in
            guard let followed = link.followed, link.isAnswering,
                let last = link.lastEvent, !listens(to: name) || clock.elapsed - last < Self.silence
            else { return nil }
            return HeardProducer(producer: name, service: "irc-gateway", heads: followed.heads)
        }
        return BusReach(heard: heard)
    }

    func acknowledge(_ producer: String, committed: [Int: Offset], database: String) {
        let newer = Acknowledgement(database: database, committed: committed)
        mailbox.tell { contents in
            contents.acknowledgements[producer] = contents.acknowledgements[producer]?.merging(newer) ?? newer
        }
    }

    private func obeyMailbox() {
        let told = mailbox.take()
        for (name, wanted) in told.starts {
            guard let followed = links[name]?.followed else { continue }
            followed.generation = wanted.generation
            if let partitions = wanted.partitions {
                followed.partitions = partitions
                followed.acknowledgement = followed.acknowledgement?.only(partitions)
            }
            if case .after(let offsets) = wanted.begin {
                followed.state.start(after: offsets, partitions: followed.partitions)
            }
        }
        for (name, acknowledgement) in told.acknowledgements {
            guard let followed = links[name]?.followed else { continue }
            followed.acknowledgement = followed.acknowledgement?.merging(acknowledgement) ?? acknowledgement
            followed.isAcknowledgementDue = true
        }
    }

    // MARK: What the producer sends

    func publish(_ frame: SimulatedConnection.Live, from name: String, losses: Int, _ random: inout SeededGenerator) {
        guard links[name]?.isCut != true else { return }
        links[name, default: Link()].connection.publish(frame, losses: losses, &random)
    }

    /// The way to the producer is cut, or whole again. What is under way is gone.
    func cut(_ name: String, _ isCut: Bool) {
        links[name, default: Link()].isCut = isCut
        links[name]?.connection = SimulatedConnection()
    }

    func isCut(_ name: String) -> Bool { links[name]?.isCut ?? false }

    /// The connection breaks; with luck what was under way still comes.
    func disconnect(_ name: String, _ random: inout SeededGenerator) {
        if random.below(2) == 0 { links[name]?.connection.dropLive() }
        if random.below(2) == 0 { links[name]?.connection.requests = [] }
        giveUp(name)
    }

    /// The producer answers one request, if it can; or somebody in its place.
    func serve(
        _ producer: SimulatedProducer,
        impostor: SimulatedImpostor?,
        losses: Int,
        _ random: inout SeededGenerator
    ) {
        guard producer.serves || impostor != nil, let request = links[producer.name]?.connection.takeRequest() else {
            return
        }
        let pageBytes = 400 + random.below(4000)
        let reply = impostor.map { $0.answer(request) } ?? producer.answer(request, pageBytes: pageBytes)
        guard let reply, random.below(100) >= losses else { return }
        links[producer.name]?.connection.replies.append(reply)
    }

    // MARK: One round of the follower's thread

    /// Asks what is to be asked, and takes one reply and some live frames.
    func turn(_ name: String, losses: Int, _ random: inout SeededGenerator) {
        obeyMailbox()
        ask(name, losses: losses, &random)
        if let reply = links[name]?.connection.takeReply(&random) { take(reply, from: name) }
        for _ in 0..<8 {
            guard listens(to: name), queue.hasRoom(), let frame = links[name]?.connection.takeLive() else { return }
            take(frame, from: name)
        }
    }

    /// The time-out of what was asked. The reply may still come.
    func giveUp(_ name: String) {
        for request in links[name]?.pending.keys.sorted() ?? [] {
            links[name]?.followed?.state.requestFailed(request)
            links[name]?.isAnswering = false
            links[name]?.needsHello = true
        }
        links[name]?.pending = [:]
    }

    private func listens(to name: String) -> Bool {
        switch links[name]?.followed?.state.mode {
        case nil, .waitingForStart, .live: true
        case .catchingUp, .waitingForHeads: false
        }
    }

    private func ask(_ name: String, losses: Int, _ random: inout SeededGenerator) {
        guard var link = links[name] else {
            links[name] = Link()
            return
        }
        defer { links[name] = link }
        func send(_ question: ProducerLink.Question, _ request: BusRequest) {
            link.pending[request.request] = question
            if random.below(100) >= losses, !link.isCut { link.connection.requests.append(request) }
        }
        if link.needsHello, !link.pending.values.contains(.hello) {
            lastRequest += 1
            send(.hello, .hello(HelloRequest(request: lastRequest, group: "writer")))
        }
        guard let followed = link.followed else { return }
        lastRequest += 1
        if queue.hasRoom(), let after = followed.state.takeFetch(lastRequest) {
            send(.fetch, .fetch(FetchRequest(request: lastRequest, after: after, maxBytes: 1 << 20)))
        }
        lastRequest += 1
        guard let latest = followed.acknowledgement, latest != followed.confirmed || followed.isAcknowledgementDue,
            !link.pending.values.contains(where: { if case .acknowledge = $0 { true } else { false } })
        else { return }
        followed.isAcknowledgementDue = false
        let request = AckRequest(
            request: lastRequest,
            group: "writer",
            database: latest.database,
            committed: latest.committed
        )
        send(.acknowledge(latest), .ack(request))
    }

    private func take(_ reply: BusReply, from name: String) {
        guard let question = links[name]?.pending.removeValue(forKey: reply.request) else {
            tally.note(.staleReply)
            return
        }
        links[name]?.isAnswering = true
        switch (question, reply) {
        case (.hello, .hello(let hello)): meet(hello, name)
        case (.fetch, .fetch(let page, let frames)): take(page, frames, from: name)
        case (.acknowledge(let acknowledgement), .ack(let ack)):
            guard let followed = links[name]?.followed else { return }
            followed.confirmed = acknowledgement
            guard followed.isAccepting != ack.accepted else { return }
            followed.isAccepting = ack.accepted
            let told = BusEvent.acknowledged(producer: name, refusal: ack.accepted ? nil : "refused")
            queue.put([.init(event: told, producer: name, generation: .max)])
        default: links[name]?.followed?.state.requestFailed(reply.request)
        }
    }

    private func meet(_ reply: HelloReply, _ name: String) {
        let latest = ProducerTrust.latestEpoch(at: clock.wall, slack: .seconds(86_400))
        guard trust.refusal(of: reply, service: "irc-gateway", identity: .local, latestEpoch: latest) == nil else {
            return tally.note(.refused)
        }
        links[name]?.needsHello = false
        let hello = ProducerHello(
            service: reply.service,
            producer: reply.producer,
            epoch: reply.epoch,
            partitions: reply.partitions
        )
        let followed =
            links[name]?.followed
            ?? FollowedProducer(hello: hello, partitions: Set(0..<Partition.count), recovery: .fetch)
        links[name]?.followed = followed
        switch followed.state.hello(epoch: hello.epoch) {
        case .known: return
        case .doubtful:
            links[name]?.needsHello = true
            return
        case .new: break
        }
        followed.hello = hello
        followed.heads = [:]
        followed.isAccepting = nil
        queue.put([.init(event: .producer(hello), producer: name, generation: .max)])
    }

    private func take(_ page: FetchReply, _ frames: [[UInt8]], from name: String) {
        guard let followed = links[name]?.followed else { return }
        guard followed.state.awaitsPage(page.request) else { return tally.note(.staleReply) }
        guard followed.state.isPlausible(page, headers: frames.compactMap { FrameHeader($0) }) else {
            followed.state.requestFailed(page.request)
            links[name]?.needsHello = true
            return
        }
        let overruns = followed.state.overruns(heads: page.heads, epoch: page.epoch)
        guard overruns.isEmpty else {
            followed.state.stop(at: overruns, keepsOffsets: true)
            return queue.put(overruns.map { told($0, followed) })
        }
        var deliveries: [DeliveryQueue.Delivery] = []
        for truncation in page.truncated {
            let hole = FollowerState.Hole(
                partition: truncation.partition,
                after: truncation.after,
                through: truncation.through
            )
            if let lost = followed.state.truncated(hole) { deliveries.append(told(lost, followed)) }
        }
        for frame in frames {
            guard let header = FrameHeader(frame) else { continue }
            let verdict = followed.state.fetched(
                partition: header.partition,
                previous: header.previous,
                offset: header.offset
            )
            obey(verdict, header, frame, followed, &deliveries)
        }
        followed.state.pageEnded(complete: page.complete)
        queue.put(deliveries)
    }

    private func take(_ frame: SimulatedConnection.Live, from name: String) {
        links[name]?.lastEvent = clock.elapsed
        guard let followed = links[name]?.followed else { return }
        var deliveries: [DeliveryQueue.Delivery] = []
        switch frame {
        case .event(let frame):
            guard let header = FrameHeader(frame) else { return }
            let verdict = followed.state.live(
                partition: header.partition,
                previous: header.previous,
                offset: header.offset
            )
            if verdict == .gap { tally.note(.gapByPredecessor) }
            obey(verdict, header, frame, followed, &deliveries)
        case .heartbeat(let epoch, let heads):
            if epoch == followed.hello.epoch { followed.heads = heads }
            switch followed.state.heartbeat(epoch: epoch, heads: heads) {
            case .gap: tally.note(.gapByHeartbeat)
            case .restarted: links[name]?.needsHello = true
            case .upToDate, .missed, .ignore: break
            }
        }
        queue.put(deliveries)
    }

    private func obey(
        _ verdict: FollowerState.Verdict,
        _ header: FrameHeader,
        _ frame: [UInt8],
        _ followed: FollowedProducer,
        _ deliveries: inout [DeliveryQueue.Delivery]
    ) {
        switch verdict {
        case .deliverBehind(let hole):
            deliveries.append(told(hole, followed))
            fallthrough
        case .deliver:
            let event = ReceivedEvent(
                producer: header.producer,
                partition: header.partition,
                offset: header.offset,
                previous: header.previous,
                frame: frame,
                jsonStart: header.jsonStart
            )
            deliveries.append(
                .init(event: .event(event), producer: followed.hello.producer, generation: followed.generation)
            )
        case .restarted:
            links[followed.hello.producer]?.needsHello = true
        case .duplicate, .gap, .ignore:
            break
        }
    }

    private func told(_ overrun: FollowerState.Overrun, _ followed: FollowedProducer) -> DeliveryQueue.Delivery {
        tally.note(.overrun)
        let event = BusEvent.overrun(
            producer: followed.hello.producer,
            partition: overrun.partition,
            offset: overrun.cursor,
            head: overrun.head
        )
        return .init(event: event, producer: followed.hello.producer, generation: followed.generation)
    }

    private func told(_ hole: FollowerState.Hole, _ followed: FollowedProducer) -> DeliveryQueue.Delivery {
        tally.note(.truncation)
        let event = BusEvent.truncated(
            producer: followed.hello.producer,
            partition: hole.partition,
            after: hole.after,
            through: hole.through
        )
        return .init(event: event, producer: followed.hello.producer, generation: followed.generation)
    }
}
