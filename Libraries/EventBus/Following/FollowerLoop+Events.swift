import Logging
import Metrics
import Protocol
import ZeroMQ

extension FollowerLoop {
    /// Reads a burst from a producer's SUB socket.
    func receiveEvents(_ link: ProducerLink) throws {
        var deliveries: [DeliveryQueue.Delivery] = []
        defer { deliver(deliveries) }
        for _ in 0..<Self.burst {
            guard let frame = try link.events.receive() else { return }
            link.lastHeard = .now
            link.lastEvent = link.lastHeard
            link.isSilent = false
            if HeartbeatCodec.matches(frame) {
                heartbeat(frame, from: link, into: &deliveries)
            } else {
                event(frame, from: link, into: &deliveries)
            }
            // Behind now: the rest stays in libzmq's queue until the journal has answered.
            if case .catchingUp = link.producer?.state.mode { return }
        }
    }

    func deliver(_ deliveries: [DeliveryQueue.Delivery]) {
        guard !deliveries.isEmpty else { return }
        metrics.received.increment(by: deliveries.count)
        queue.put(deliveries)
    }

    private func event(
        _ frame: [UInt8],
        from link: ProducerLink,
        into deliveries: inout [DeliveryQueue.Delivery]
    ) {
        guard let header = FrameHeader(frame) else {
            metrics.malformed.increment()
            return
        }
        guard let producer = link.producer else { return }
        guard header.producer == producer.hello.producer else {
            link.needsHello = true
            return
        }
        let verdict = producer.state.live(
            partition: header.partition,
            previous: header.previous,
            offset: header.offset
        )
        obey(verdict, header, frame, producer, link, &deliveries)
    }

    /// Does what the state decided about one event, live or fetched.
    func obey(
        _ verdict: FollowerState.Verdict,
        _ header: FrameHeader,
        _ frame: [UInt8],
        _ producer: FollowedProducer,
        _ link: ProducerLink,
        _ deliveries: inout [DeliveryQueue.Delivery]
    ) {
        switch verdict {
        case .deliverBehind(let hole):
            metrics.gaps.increment()
            let isKnown = settings.recovery == .report
            deliveries.append(delivery(isKnown ? missed(hole, of: producer) : truncated(hole, of: producer), producer))
            fallthrough
        case .deliver:
            guard settings.filter.wants(frame) else { return }
            let event = ReceivedEvent(
                producer: header.producer,
                partition: header.partition,
                offset: header.offset,
                previous: header.previous,
                frame: frame,
                jsonStart: header.jsonStart
            )
            deliveries.append(delivery(.event(event), producer))
        case .duplicate:
            metrics.duplicates.increment()
        case .gap:
            metrics.gaps.increment()
        case .restarted:
            link.needsHello = true
        case .ignore:
            break
        }
    }

    private func heartbeat(
        _ frame: [UInt8],
        from link: ProducerLink,
        into deliveries: inout [DeliveryQueue.Delivery]
    ) {
        guard let heartbeat = try? HeartbeatCodec.decode(frame) else {
            metrics.malformed.increment()
            return
        }
        if rivals.take(heartbeat, at: .now) {
            pacedLogger.error(
                "two processes speak for one producer: a copy of its STATE_DIR is in use; stop one of them",
                about: heartbeat.producer,
                metadata: ["bus.producer": "\(heartbeat.producer)", "bus.endpoint": "\(link.address)"]
            )
        }
        guard let producer = link.producer else { return }
        guard heartbeat.producer == producer.hello.producer else {
            link.needsHello = true
            return
        }
        guard heartbeat.partitions == Partition.count, heartbeat.service == producer.hello.service,
            heartbeat.heads.allSatisfy({ (0..<Partition.count).contains($0) && $1.epoch <= heartbeat.epoch })
        else {
            metrics.malformed.increment()
            return
        }
        if heartbeat.epoch == producer.hello.epoch { producer.heads = heartbeat.heads }
        switch producer.state.heartbeat(epoch: heartbeat.epoch, heads: heartbeat.heads) {
        case .upToDate, .ignore: break
        case .gap: metrics.gaps.increment()
        case .restarted: link.needsHello = true
        case .missed(let holes):
            metrics.gaps.increment(by: holes.count)
            deliveries += holes.map { delivery(missed($0, of: producer), producer) }
        }
    }

    func delivery(_ event: BusEvent, _ producer: FollowedProducer) -> DeliveryQueue.Delivery {
        DeliveryQueue.Delivery(event: event, producer: producer.hello.producer, generation: producer.generation)
    }

    private func missed(_ hole: FollowerState.Hole, of producer: FollowedProducer) -> BusEvent {
        .missed(
            producer: producer.hello.producer,
            partition: hole.partition,
            after: hole.after,
            through: hole.through
        )
    }

    func truncated(_ hole: FollowerState.Hole, of producer: FollowedProducer) -> BusEvent {
        .truncated(
            producer: producer.hello.producer,
            partition: hole.partition,
            after: hole.after,
            through: hole.through
        )
    }
}
