/// What happened, in order, from any thread to the one loop that decides.
struct EventBox<Event: Sendable>: Sendable {
    let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation

    init() {
        (self.events, self.continuation) = AsyncStream.makeStream()
    }

    func send(_ event: Event) { self.continuation.yield(event) }
}
