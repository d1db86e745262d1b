import Dispatch
import ServiceLifecycle
import Testing

@testable import ServiceRuntime

struct StopDeadlineTests {
    /// Ends at once, and with it the group.
    private struct Trigger: Service {
        func run() async {}
    }

    @Test func `services that do not stop let it expire, unless they stopped in time`() async throws {
        let (ends, end) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(2))
        let health = Health()
        let disarmed = StopDeadline(health: health, final: .milliseconds(1)) { end.yield("disarmed") }
        let armed = StopDeadline(health: health, final: .milliseconds(50)) { end.yield("armed") }
        disarmed.disarm()
        #expect(!armed.isStopping)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: Trigger(), successTerminationBehavior: .gracefullyShutdownGroup),
                    .init(service: armed, successTerminationBehavior: .ignore),
                    .init(service: disarmed, successTerminationBehavior: .ignore),
                ],
                logger: CapturedLines().logger()
            )
        )
        try await group.run()
        var iterator = ends.makeAsyncIterator()
        // The disarmed one would have been first.
        #expect(await iterator.next() == "armed")
        #expect(armed.isStopping)
        #expect(health.parts == [Health.Part(name: "lifecycle", reason: "the service is stopping")])
    }
}
