import EventBus
import Protocol
import TestSupport
import Testing

/// A real publisher, a real journal, a real follower: nothing is lost and nothing comes twice.
@Suite(.timeLimit(.minutes(2)))
struct DeliveryTests {
    @Test func `a follower that comes late gets everything`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                for number in 0..<2000 { try await publisher.publish([draft(alice, "\(number)"), draft(bob, "\(number)")]) }
                let follower = try EventFollower.test(directory)
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(4000, from: follower)
                    #expect(consumer.texts == [alice: numbers(0..<2000), bob: numbers(0..<2000)])
                    for number in 2000..<4000 { try await publisher.publish([draft(alice, "\(number)")]) }
                    try await consumer.take(6000, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<4000))
                }
            }
        }
    }
}
