import Protocol
import TestSupport

@testable import EventBus

/// Everything between one follower and one producer: a live link that drops, requests and replies that are late, out of
/// order or lost.
struct SimulatedConnection {
    enum Live {
        case event([UInt8])
        case heartbeat(epoch: UInt32, heads: [Int: Offset])
    }

    /// libzmq's high-water mark.
    private static let mostLive = 24

    private(set) var live: [Live] = []
    var requests: [BusRequest] = []
    var replies: [BusReply] = []

    /// Sends a frame, of which `losses` of a hundred get lost.
    mutating func publish(_ frame: Live, losses: Int, _ random: inout SeededGenerator) {
        guard live.count < Self.mostLive, random.below(100) >= losses else { return }
        live.append(frame)
        // A connection that was replaced may deliver what the one before it did.
        if losses > 0, random.below(50) == 0 { live.append(frame) }
    }

    mutating func takeLive() -> Live? { live.isEmpty ? nil : live.removeFirst() }

    mutating func dropLive() { live = [] }

    mutating func takeRequest() -> BusRequest? { requests.isEmpty ? nil : requests.removeFirst() }

    /// Any of them: the reply of a connection that was given up may come after that of the next.
    mutating func takeReply(_ random: inout SeededGenerator) -> BusReply? {
        replies.isEmpty ? nil : replies.remove(at: random.below(replies.count))
    }
}
