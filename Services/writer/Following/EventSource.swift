import EventBus
import Protocol

/// Where the writer pulls its events from: the bus, or a test's script.
protocol EventSource: Sendable {
    /// See `EventFollower.next(_:within:)`.
    func next(_ limit: Int, within wait: Duration) async -> [BusEvent]?

    /// See `EventFollower.follow(_:from:)`.
    func follow(_ producer: String, from start: EventFollower.Start) async

    /// See `EventFollower.select(_:)`.
    func select(_ partitions: Set<Int>)

    /// See `EventFollower.acknowledge(_:committed:database:)`.
    func acknowledge(_ producer: String, committed: [Int: Offset], database: String)
}

extension EventFollower: EventSource {}
