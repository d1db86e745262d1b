import Protocol
import TestSupport
import Testing

@testable import EventBus

/// How a publisher that was told to stop treats a writer that does not have everything yet.
@Suite(.timeLimit(.minutes(10)))
struct FarewellTests {
    /// Longer than the suite may take: who waits for its end fails.
    private static let forEver = Duration.seconds(3600)

    @Test func `a writer that fell behind gets the rest before the end`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.timing.farewell = Self.forEver }
            // Room for a few events only: live delivery loses most, and they have to be fetched.
            let follower = try EventFollower.test(directory) {
                $0.queueLimit = 8
                $0.receiveHighWaterMark = 1
            }
            try await running(follower.run) {
                let publishing = Task { try await publisher.run() }
                try await publisher.publish(numbers: 0..<1, alice)
                var consumer = Consumer()
                try await consumer.take(1, from: follower, limit: 4)
                let producer = try #require(consumer.cursors.keys.first)
                follower.acknowledge(producer, committed: consumer.cursors[producer] ?? [:], database: "db")
                try await eventually("the acknowledgement arrives") { !publisher.hasUndelivered }

                try await publisher.publish(numbers: 1..<2000, alice)
                publishing.cancel()
                try await consumer.take(2000, from: follower, limit: 4)
                #expect(consumer.texts[alice] == numbers(0..<2000))
                follower.acknowledge(producer, committed: consumer.cursors[producer] ?? [:], database: "db")
                try await publishing.value
            }
        }
    }

    @Test func `nobody is waited for who never acknowledged`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.timing.farewell = Self.forEver }
            let follower = try EventFollower.test(directory)
            try await running(follower.run) {
                try await running(publisher.run) {
                    try await publisher.publish(numbers: 0..<10, alice)
                    var consumer = Consumer()
                    try await consumer.take(10, from: follower)
                }
                #expect(publisher.hasUndelivered)
            }
        }
    }

    @Test func `a writer that stores nothing any more does not hold up the end`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.timing.farewell = .milliseconds(50) }
            let follower = try EventFollower.test(directory)
            try await running(follower.run) {
                try await running(publisher.run) {
                    try await publisher.publish(numbers: 0..<1, alice)
                    var consumer = Consumer()
                    try await consumer.take(1, from: follower)
                    let producer = try #require(consumer.cursors.keys.first)
                    follower.acknowledge(producer, committed: consumer.cursors[producer] ?? [:], database: "db")
                    try await eventually("the acknowledgement arrives") { !publisher.hasUndelivered }
                    try await publisher.publish(numbers: 1..<2, alice)
                }
                #expect(publisher.hasUndelivered)
            }
        }
    }
}
