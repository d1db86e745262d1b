import Protocol

/// One journal on the bus: the publisher's own, or that of a slot whose process is gone.
final class ServedJournal: Sendable {
    /// FETCH replies are small enough that one follower's catching up does not hold up the others' requests.
    static let largestPage = 4 << 20

    let journal: Journal
    let sockets: ProducerSockets
    private let snapshots: SnapshotRegistry

    init(_ journal: Journal, sockets: ProducerSockets, snapshots: SnapshotRegistry) {
        self.journal = journal
        self.sockets = sockets
        self.snapshots = snapshots
    }

    func beat() throws {
        try sockets.beat { heads in
            try HeartbeatCodec.encode(
                Heartbeat(
                    producer: journal.slot.producer,
                    service: journal.slot.service,
                    epoch: journal.epoch,
                    partitions: Partition.count,
                    heads: heads
                )
            )
        }
    }

    /// Answers one request. Blocks on the disk.
    func answer(_ request: BusRequest) -> BusReply {
        switch request {
        case .hello(let request): return hello(request)
        case .heads(let request): return .heads(HeadsReply(request: request.request, heads: sockets.heads))
        case .fetch(let request): return fetch(request)
        case .snap(let request): return snapshots.answer(request)
        case .ack(let request): return acknowledge(request)
        }
    }

    private func hello(_ request: HelloRequest) -> BusReply {
        .hello(
            HelloReply(
                request: request.request,
                service: journal.slot.service,
                producer: journal.slot.producer,
                epoch: journal.epoch,
                partitions: Partition.count
            )
        )
    }

    private func fetch(_ request: FetchRequest) -> BusReply {
        let maximumBytes = min(max(1, request.maxBytes), Self.largestPage)
        let after = request.after.filter { (0..<Partition.count).contains($0.key) }
        do throws(JournalError) {
            let page = try journal.read(after: after, maximumBytes: maximumBytes)
            let reply = FetchReply(
                request: request.request,
                count: page.events.count,
                truncated: page.truncated.map {
                    FetchReply.Truncation(partition: $0.partition, after: $0.after, through: $0.through)
                },
                complete: page.complete,
                heads: journal.heads()
            )
            return .fetch(reply, frames: page.events.map(\.frame))
        } catch {
            return .error(ErrorReply(request: request.request, code: "unavailable", message: "\(error)"))
        }
    }

    private func acknowledge(_ request: AckRequest) -> BusReply {
        do throws(AcknowledgeRefused) {
            try journal.acknowledge(
                group: request.group,
                database: request.database,
                committed: request.committed,
                replaces: request.replaces ?? false
            )
            return .ack(AckReply(request: request.request, accepted: true))
        } catch {
            return .ack(AckReply(request: request.request, accepted: false, message: "\(error)"))
        }
    }
}
