import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

@Suite(.timeLimit(.minutes(10)))
struct DraftQueueTests {
    private func queue(events: Int = 10, bytes: Int = 1 << 20) throws -> DraftQueue {
        DraftQueue(eventLimit: events, byteLimit: bytes, wakingUp: try WakeUp())
    }

    @Test func `publishers wait while it is full and are let in as they came`() async throws {
        let queue = try queue(events: 2)
        try await queue.put([draft(alice, "0"), draft(alice, "1"), draft(alice, "2")])
        let second = Task { try await queue.put([draft(alice, "3")]) }
        try await eventually("the second waits") { queue.waitingPublishers == 1 }
        #expect(queue.count == 3)
        #expect(queue.take(2, bytes: .max).count == 2)
        try await second.value
        #expect(
            queue.take(10, bytes: .max).map { String(decoding: $0.data, as: UTF8.self) } == [
                #"{"raw":"2"}"#, #"{"raw":"3"}"#,
            ]
        )
    }

    @Test func `bytes are bounded like events`() async throws {
        let queue = try queue(bytes: 1000)
        try await queue.put([draft(alice, bytes: 2000)])
        let second = Task { try await queue.put([draft(alice)]) }
        try await eventually("the second waits") { queue.waitingPublishers == 1 }
        #expect(queue.take(10, bytes: 1).count == 1)
        try await second.value
    }

    @Test func `a publisher that is cancelled while it waits has published nothing`() async throws {
        let queue = try queue(events: 1)
        try await queue.put([draft(alice, "0")])
        let second = Task { try await queue.put([draft(alice, "1")]) }
        try await eventually("the second waits") { queue.waitingPublishers == 1 }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(queue.take(10, bytes: .max).count == 1)
        #expect(queue.count == 0)
    }

    @Test func `closing refuses those who wait and keeps what is queued`() async throws {
        let queue = try queue(events: 1)
        try await queue.put([draft(alice, "0")])
        let second = Task { try await queue.put([draft(alice, "1")]) }
        try await eventually("the second waits") { queue.waitingPublishers == 1 }
        queue.close()
        await #expect(throws: PublisherStopped.self) { try await second.value }
        await #expect(throws: PublisherStopped.self) { try await queue.put([draft(alice)]) }
        #expect(queue.take(10, bytes: .max).count == 1)
    }
}
