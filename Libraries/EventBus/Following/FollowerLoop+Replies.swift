import Logging
import Metrics
import Protocol
import ZeroMQ

extension FollowerLoop {
    /// Reads all replies that have come from one producer.
    func receiveReplies(_ link: ProducerLink, into frame: inout [UInt8]) throws {
        while true {
            switch try link.requests.receive(into: &frame) {
            case .nothing: return
            case .more: metrics.malformed.increment()
            case .last: try receiveReply(frame, from: link)
            }
        }
    }

    private func receiveReply(_ frame: [UInt8], from link: ProducerLink) throws {
        let now = ContinuousClock.now
        let reply: BusReply
        do throws(EnvelopeError) {
            reply = try BusReply.decode(frame)
        } catch {
            // Whatever it answered will time out and be asked again.
            metrics.malformed.increment()
            return
        }
        guard let question = link.answered(reply.request) else { return }
        link.lastHeard = now
        link.isSilent = false
        link.isAnswering = true
        switch (question, reply) {
        case (.hello, .hello(let hello)):
            link.backoff.succeeded()
            try meet(hello, on: link)
        case (.heads, .heads(let heads)):
            link.backoff.succeeded()
            _ = link.producer?.state.heads(heads.heads, request: heads.request)
        case (.fetch, .fetch(let page, let frames)):
            guard let producer = link.producer, producer.state.awaitsPage(page.request) else { return }
            take(page, frames, of: producer, over: link)
        case (.acknowledge(let acknowledgement), .ack(let ack)):
            link.producer.map { confirm(acknowledgement, ack, of: $0) }
        default:
            refused(reply, by: link, now)
        }
    }

    // MARK: HELLO

    private func meet(_ reply: HelloReply, on link: ProducerLink) throws {
        let latestEpoch = ProducerTrust.latestEpoch(at: settings.clock.now(), slack: settings.epochSlack)
        if let refusal = trust.refusal(
            of: reply,
            service: link.address.service,
            identity: link.identity,
            latestEpoch: latestEpoch
        ) {
            return refuse(link, because: refusal)
        }
        guard reply.partitions == Partition.count else {
            throw FollowerError.partitions(producer: reply.producer, theirs: reply.partitions)
        }
        let others = links.values.filter { $0 !== link && $0.producer?.hello.producer == reply.producer }
        guard others.allSatisfy(\.isSilent) else {
            // One producer under two addresses: this one stays in reserve.
            link.producer = nil
            link.retryAt = .now + settings.timing.rescan
            noteSecondVoice(reply, on: link, beside: others)
            return
        }
        link.refusal = nil
        for other in others {
            other.producer = nil
            other.needsHello = true
        }
        link.needsHello = false
        if let previous = link.producer, previous.hello.producer != reply.producer {
            queue.put([about(previous, .silent(producer: previous.hello.producer))])
        }
        try introduce(reply, on: link)
    }

    /// Whoever speaks there is not followed; it is asked again, as it may change.
    private func refuse(_ link: ProducerLink, because reason: String) {
        if let previous = link.producer {
            queue.put([about(previous, .silent(producer: previous.hello.producer))])
            link.producer = nil
        }
        link.needsHello = true
        link.retryAt = .now + link.backoff.failed()
        complain(about: link, reason)
    }

    private func complain(about link: ProducerLink, _ reason: String) {
        defer { link.refusal = reason }
        guard link.refusal != reason else { return }
        logger.error(
            "a producer is not followed",
            metadata: ["bus.endpoint": "\(link.address)", "reason": "\(reason)"]
        )
    }

    /// The same id with another epoch at another address that speaks as well: a copied directory, or an impostor.
    private func noteSecondVoice(_ reply: HelloReply, on link: ProducerLink, beside others: [ProducerLink]) {
        let now = Instant.now
        let other = others.first { other in
            other.producer.map { $0.hello.epoch != reply.epoch } ?? false
                && other.isHeard(within: settings.timing.voice, now)
        }
        guard let other else {
            link.refusal = nil
            return
        }
        complain(
            about: link,
            "\(reply.producer) speaks at \(other.address) as well, from another start: stop one of them, and look for a copied "
                + "STATE_DIR"
        )
    }

    private func introduce(_ reply: HelloReply, on link: ProducerLink) throws {
        let hello = ProducerHello(
            service: reply.service,
            producer: reply.producer,
            epoch: reply.epoch,
            partitions: reply.partitions
        )
        let producer =
            producers[reply.producer]
            ?? FollowedProducer(
                hello: hello,
                partitions: settings.filter.partitions,
                recovery: settings.recovery
            )
        producers[reply.producer] = producer
        link.producer = producer
        try subscribe(link, to: producer.partitions)
        forgetOldProducers()
        switch producer.state.hello(epoch: hello.epoch) {
        case .new: break
        case .known:
            link.helloNotBefore = .now + settings.timing.helloPause
            return
        case .doubtful:
            link.needsHello = true
            return
        }
        producer.hello = hello
        producer.heads = [:]
        producer.isAccepting = nil
        logger.info(
            "found a producer",
            metadata: ["bus.producer": "\(hello.producer)", "bus.endpoint": "\(link.address)"]
        )
        queue.put([about(producer, .producer(hello))])
    }

    /// Producers come and go for months; those without a connection are only kept for their cursors.
    private func forgetOldProducers() {
        let connected = Set(links.values.compactMap { $0.producer?.hello.producer })
        for id in producers.keys.filter({ !connected.contains($0) }).dropFirst(256) { producers[id] = nil }
        metrics.producers.record(connected.count)
    }

    // MARK: FETCH

    private func take(
        _ page: FetchReply,
        _ frames: [[UInt8]],
        of producer: FollowedProducer,
        over link: ProducerLink
    ) {
        let headers = frames.map { FrameHeader($0) }
        let known = headers.compactMap(\.self)
        guard known.allSatisfy({ $0.producer == producer.hello.producer }),
            producer.state.isPlausible(page, headers: known)
        else {
            // Also what a producer says that has started again meanwhile.
            metrics.malformed.increment()
            producer.state.requestFailed(page.request)
            link.needsHello = true
            link.retryAt = .now + link.backoff.failed()
            return
        }
        var deliveries: [DeliveryQueue.Delivery] = []
        let overruns = producer.state.overruns(heads: page.heads, epoch: page.epoch)
        if !overruns.isEmpty {
            producer.state.stop(at: overruns, keepsOffsets: settings.group != nil)
            deliver(settings.group == nil ? [] : overruns.map { delivery(told($0, of: producer), producer) })
            guard settings.group == nil else { return }
        }
        for truncation in page.truncated {
            let hole = FollowerState.Hole(
                partition: truncation.partition,
                after: truncation.after,
                through: truncation.through
            )
            if let lost = producer.state.truncated(hole) {
                deliveries.append(delivery(truncated(lost, of: producer), producer))
            }
        }
        for (frame, header) in zip(frames, headers) {
            guard let header else {
                // A damaged event must not end the delivery; the next one of its partition shows the hole.
                metrics.malformed.increment()
                continue
            }
            let verdict = producer.state.fetched(
                partition: header.partition,
                previous: header.previous,
                offset: header.offset
            )
            obey(verdict, header, frame, producer, link, &deliveries)
        }
        producer.state.pageEnded(complete: page.complete)
        if frames.isEmpty, page.truncated.isEmpty, !page.complete {
            // It has more and sent nothing: do not ask in a circle.
            link.retryAt = .now + link.backoff.failed()
        } else {
            link.backoff.succeeded()
        }
        deliver(deliveries)
    }

    private func told(_ overrun: FollowerState.Overrun, of producer: FollowedProducer) -> BusEvent {
        .overrun(
            producer: producer.hello.producer,
            partition: overrun.partition,
            offset: overrun.cursor,
            head: overrun.head
        )
    }

    // MARK: ACK and errors

    private func confirm(_ acknowledgement: Acknowledgement, _ reply: AckReply, of producer: FollowedProducer) {
        producer.confirmed = acknowledgement
        guard producer.isAccepting != reply.accepted else { return }
        producer.isAccepting = reply.accepted
        let refusal = reply.accepted ? nil : reply.message ?? "none given"
        queue.put([about(producer, .acknowledged(producer: producer.hello.producer, refusal: refusal))])
        guard let refusal else { return }
        logger.error(
            "a producer refuses acknowledgements",
            metadata: ["bus.producer": "\(producer.hello.producer)", "reason": "\(refusal.forLog)"]
        )
    }

    private func refused(_ reply: BusReply, by link: ProducerLink, _ now: Instant) {
        metrics.failedRequests.increment()
        link.producer?.state.requestFailed(reply.request)
        link.retryAt = now + link.backoff.failed()
        guard case .error(let error) = reply else { return }
        logger.warning(
            "a producer refused a request",
            metadata: [
                "bus.endpoint": "\(link.address)", "code": "\(error.code.forLog)", "reason": "\(error.message.forLog)",
            ]
        )
    }
}

/// Why a follower cannot go on; one line for the operator.
package enum FollowerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The producer spreads events over another number of partitions.
    case partitions(producer: String, theirs: Int)

    package var description: String {
        switch self {
        case .partitions(let producer, let theirs):
            "producer \(producer) has \(theirs) partitions, this program \(Partition.count); "
                + "run the same version of both"
        }
    }
}
