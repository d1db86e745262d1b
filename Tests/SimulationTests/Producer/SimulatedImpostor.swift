import Protocol

/// Somebody who speaks in a producer's place on one connection: everything that it says hangs together and is false.
struct SimulatedImpostor {
    let name: String
    let epoch: UInt32
    let draft: EventDraft
    /// Until when it speaks.
    let until: Duration

    private var partition: Int { Partition.of(draft.subject) }
    /// The place of the one event that it tells.
    var offset: Offset { Offset(epoch: epoch, sequence: 7) }
    var heads: [Int: Offset] { [partition: offset] }

    func answer(_ request: BusRequest) -> BusReply? {
        switch request {
        case .hello(let hello):
            return .hello(
                HelloReply(
                    request: hello.request,
                    service: "irc-gateway",
                    producer: name,
                    epoch: epoch,
                    partitions: Partition.count
                )
            )
        case .fetch(let fetch):
            let isNew = fetch.after[partition].map { $0 < offset } ?? false
            let reply = FetchReply(
                request: fetch.request,
                count: isNew ? 1 : 0,
                complete: true,
                heads: heads,
                epoch: epoch
            )
            return .fetch(reply, frames: isNew ? [frame(at: offset)] : [])
        case .ack(let ack): return .ack(AckReply(request: ack.request, accepted: true))
        case .heads, .snap: return nil
        }
    }

    /// An event that nobody accepted.
    func frame(at offset: Offset) -> [UInt8] {
        EventFrame.encode(
            draft,
            service: "irc-gateway",
            producer: name,
            partition: partition,
            offset: offset,
            previous: .zero
        )
    }
}
