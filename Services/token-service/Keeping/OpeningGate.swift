import ServiceLifecycle
import Synchronization

/// Keeps the endpoint closed until it is known what to offer.
///
/// A follower forgets what a token service does not offer. After a restart that would take the token away from everybody
/// while Twitch is being asked about it; a closed endpoint takes nothing away.
final class OpeningGate: Sendable {
    private let waitsFor: Mutex<Set<String>>
    private let opened: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init(waitsFor: Set<String>) {
        self.waitsFor = Mutex(waitsFor)
        (self.opened, self.continuation) = AsyncStream.makeStream()
        if waitsFor.isEmpty { self.continuation.finish() }
    }

    /// One of those that are waited for knows what to offer.
    func isKnown(_ name: String) {
        let isOpen = self.waitsFor.withLock { names in
            names.remove(name)
            return names.isEmpty
        }
        if isOpen { self.continuation.finish() }
    }

    /// Returns when all know, or it took too long, or the service is stopped.
    func wait(atMost limit: Duration) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                try? await Task.sleep(for: limit)
                self.continuation.finish()
            }
            for await _ in self.opened.cancelOnGracefulShutdown() {}
            group.cancelAll()
        }
    }
}

/// A service that begins when the gate opens.
struct GatedService: Service {
    let part: any Service
    let gate: OpeningGate
    /// Twitch is given one request's time and a bit.
    var limit: Duration = .seconds(12)

    func run() async throws {
        await self.gate.wait(atMost: self.limit)
        try await self.part.run()
    }
}
