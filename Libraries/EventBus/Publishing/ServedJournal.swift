import Protocol

/// One journal on the bus: the publisher's own, or that of a slot whose process is gone.
final class ServedJournal: Sendable {
    /// FETCH replies are small enough that one follower's catching up does not hold up the others' requests, and that a few
    /// hundred that nobody reads do not fill the memory.
    static let largestPage = 1 << 20

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

    /// Why an acknowledgement was refused.
    enum AckRefusal: Error, Hashable, CustomStringConvertible {
        /// The key is not a writer's.
        case notWriter(keyName: String)
        /// The group or the database has no name that could be one.
        case badName
        /// Another database began.
        case otherDatabase(AcknowledgeRefused)

        /// For our own log.
        var description: String {
            switch self {
            case .notWriter(let name):
                "the key \(name) is not a writer's: only keys named writer or writer-… may acknowledge"
            case .badName: "the group or the database has no name of 1 to 64 printable characters"
            case .otherDatabase(let refused): "\(refused)"
            }
        }

        /// For who asked: the database's own id is what makes an acknowledgement believable, so it is never told.
        var message: String {
            guard case .otherDatabase = self else { return description }
            return "this journal is kept for another database; the producer's log says for which and what to do"
        }
    }

    /// Answers one request of a sender; `onRefusal` is told why an acknowledgement was refused. Blocks on the disk.
    func answer(
        _ request: BusRequest,
        from sender: RequestSender,
        onRefusal: (AckRefusal) -> Void = { _ in }
    ) -> BusReply {
        switch request {
        case .hello(let request): return hello(request)
        case .heads(let request): return .heads(HeadsReply(request: request.request, heads: sockets.heads))
        case .fetch(let request): return fetch(request)
        case .snap(let request): return snapshots.answer(request)
        case .ack(let request):
            do throws(AckRefusal) {
                try acknowledge(request, from: sender)
                return .ack(AckReply(request: request.request, accepted: true))
            } catch {
                onRefusal(error)
                return .ack(AckReply(request: request.request, accepted: false, message: error.message))
            }
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
                heads: journal.heads(),
                epoch: journal.isReadOnly ? nil : journal.epoch
            )
            return .fetch(reply, frames: page.events.map(\.frame))
        } catch {
            return .error(ErrorReply(request: request.request, code: "unavailable", message: "\(error)"))
        }
    }

    private func acknowledge(_ request: AckRequest, from sender: RequestSender) throws(AckRefusal) {
        if case .key(let name) = sender, !sender.mayAcknowledge { throw .notWriter(keyName: name) }
        guard Acknowledgements.isName(request.group), Acknowledgements.isName(request.database) else { throw .badName }
        do throws(AcknowledgeRefused) {
            try journal.acknowledge(
                group: request.group,
                database: request.database,
                committed: request.committed,
                replaces: request.replaces ?? false
            )
        } catch {
            throw .otherDatabase(error)
        }
    }
}
