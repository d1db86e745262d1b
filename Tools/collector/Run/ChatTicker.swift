import EventBus
import Protocol
import Synchronization

/// The newest chat messages, for the live status. Lossy on purpose: it must never hold anything up.
final class ChatTicker: Sendable {
    private let newest = Mutex<[Envelope]>([])

    /// How many messages the status shows.
    static let limit = 8

    var messages: [Envelope] { newest.withLock { $0 } }

    /// Follows a gateway's events until the follower stops.
    func run(_ follower: EventFollower) async {
        while let events = await follower.next(256, atLeast: 1, within: .seconds(1)) {
            for event in events {
                switch event {
                case .producer(let hello): await follower.follow(hello.producer, from: .head)
                case .event(let received): keep(received)
                case .truncated, .missed, .overrun, .silent, .acknowledged: break
                }
            }
        }
    }

    private func keep(_ received: ReceivedEvent) {
        guard let envelope = try? EventCodec.decode(received.json) else { return }
        newest.withLock { newest in
            newest.append(envelope)
            newest.removeFirst(max(0, newest.count - Self.limit))
        }
    }
}
