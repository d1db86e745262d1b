import EventBus
import Protocol

/// Where the writer pulls its events from: the bus, or a test's script.
protocol EventSource: Sendable {
    /// See `EventFollower.next(_:within:)`.
    func next(_ limit: Int, within wait: Duration) async -> [BusEvent]?

    /// See `EventFollower.follow(_:from:partitions:)`.
    func follow(_ producer: String, from start: EventFollower.Start, partitions: Set<Int>?) async

    /// See `EventFollower.reach`.
    var reach: BusReach { get }

    /// See `EventFollower.acknowledge(_:committed:database:)`.
    func acknowledge(_ producer: String, committed: [Int: Offset], database: String)
}

extension EventFollower: EventSource {}
