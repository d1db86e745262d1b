import EventBus
import Protocol
import TestSupport
import Testing

/// A real publisher, a real journal, a real follower: nothing is lost and nothing comes twice.
@Suite(.timeLimit(.minutes(10)))
struct DeliveryTests {
    @Test func `a follower that comes late gets everything, and then what is new`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                try await publisher.publish(numbers: 0..<2000, alice)
                try await publisher.publish(numbers: 0..<2000, bob)
                let follower = try EventFollower.test(directory)
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(4000, from: follower)
                    #expect(consumer.texts == [alice: numbers(0..<2000), bob: numbers(0..<2000)])
                    try await publisher.publish(numbers: 2000..<4000, alice)
                    try await consumer.take(6000, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<4000))
                    #expect(consumer.hellos.map(\.producer) == [publisher.producer])
                }
            }
        }
    }

    @Test func `a follower that is replaced goes on exactly behind its cursors`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                try await publisher.publish(numbers: 0..<500, alice)
                var consumer = Consumer()
                for round in 1...4 {
                    let follower = try EventFollower.test(directory)
                    try await running(follower.run) {
                        try await consumer.take(round * 500, from: follower, limit: 100)
                        // Published while nobody, or the next one, follows.
                        try await publisher.publish(numbers: round * 500..<(round + 1) * 500, alice)
                    }
                }
                #expect(consumer.texts[alice]?.prefix(2000) == numbers(0..<2000)[...])
            }
        }
    }

    @Test func `live events that were dropped are fetched`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                // One event fits into libzmq's queue and ten into ours: nearly everything is dropped live.
                let follower = try EventFollower.test(directory) {
                    $0.receiveHighWaterMark = 1
                    $0.queueLimit = 10
                }
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(from: follower, "the producer is met") { !$0.hellos.isEmpty }
                    try await publisher.publish(numbers: 0..<20_000, alice)
                    try await consumer.take(20_000, from: follower, limit: 10)
                    #expect(consumer.texts[alice] == numbers(0..<20_000))
                    #expect(consumer.missed.isEmpty && consumer.truncated.isEmpty)
                }
            }
        }
    }

    @Test func `a consumer that pauses holds a bounded queue and loses nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                let follower = try EventFollower.test(directory) {
                    $0.queueBytes = 100_000
                    $0.receiveHighWaterMark = 64
                }
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(from: follower, "the producer is met") { !$0.hellos.isEmpty }
                    for number in 0..<4000 { try await publisher.publish([draft(alice, "\(number)", bytes: 2000)]) }
                    try await eventually("the queue is full") { follower.queuedEvents >= 40 }
                    // One page of a fetch may come on top of the bound, and no more.
                    #expect(follower.queuedEvents < 40 + 700)
                    try await consumer.take(4000, from: follower, limit: 7)
                    #expect(consumer.events == 4000)
                }
            }
        }
    }

    @Test func `two producers are followed side by side`() async throws {
        try await withTemporaryDirectory { directory in
            let one = try EventPublisher.test(directory)
            let two = try EventPublisher.test(directory)
            #expect(one.producer != two.producer)
            let follower = try EventFollower.test(directory)
            try await running(one.run) {
                try await running(two.run) {
                    try await running(follower.run) {
                        try await one.publish(numbers: 0..<1000, alice)
                        try await two.publish(numbers: 0..<1000, bob)
                        var consumer = Consumer()
                        try await consumer.take(2000, from: follower)
                        #expect(consumer.texts == [alice: numbers(0..<1000), bob: numbers(0..<1000)])
                        #expect(Set(consumer.hellos.map(\.producer)) == [one.producer, two.producer])
                    }
                }
            }
        }
    }

    @Test func `a producer that restarts is met again and goes on`() async throws {
        try await withTemporaryDirectory { directory in
            let follower = try EventFollower.test(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                for round in 0..<3 {
                    let publisher = try EventPublisher.test(directory)
                    try await running(publisher.run) {
                        try await publisher.publish(numbers: round * 100..<(round + 1) * 100, alice)
                        try await consumer.take((round + 1) * 100, from: follower)
                    }
                }
                #expect(consumer.texts[alice] == numbers(0..<300))
                #expect(consumer.hellos.map(\.epoch) == consumer.hellos.map(\.epoch).sorted())
                #expect(Set(consumer.hellos.map(\.epoch)).count == 3)
                #expect(Set(consumer.hellos.map(\.producer)).count == 1)
            }
        }
    }

    @Test func `what was accepted but not yet seen when a producer stopped comes after its restart`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try EventPublisher.test(directory)
            try await running(first.run) { try await first.publish(numbers: 0..<3000, alice) }
            let second = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(second.run) {
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(3000, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<3000))
                }
            }
        }
    }

    @Test func `going back delivers again from the offsets given, and nothing that was queued before`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<1000, alice)
                    var consumer = Consumer()
                    try await consumer.take(100, from: follower, limit: 100)
                    // A hundred or some more: they come in whatever portions were there.
                    let (committed, count) = (consumer.cursors, consumer.events)
                    try await consumer.take(count + 200, from: follower, limit: 50)
                    // The transaction was refused: everything behind what was committed is wanted again.
                    var again = Consumer(cursors: committed)
                    await follower.follow(publisher.producer, from: .after(committed[publisher.producer] ?? [:]))
                    try await again.take(1000 - count, from: follower)
                    #expect(again.texts[alice] == numbers(count..<1000))
                }
            }
        }
    }

    @Test func `at the head a tap gets only what is new, and is told what it missed`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                try await publisher.publish(numbers: 0..<500, alice)
                try await eventually("all are committed") { publisher.journalCounters.appendedEvents == 500 }
                // One commit is sent before the next begins: the numbers are out when this one is committed.
                try await publisher.publish([draft(alice, "marker")])
                try await eventually("and sent") { publisher.journalCounters.appendedEvents == 501 }
                let follower = try EventFollower.test(directory, group: nil) {
                    $0.recovery = .report
                    $0.receiveHighWaterMark = 1
                    $0.queueLimit = 1
                }
                try await running(follower.run) {
                    var consumer = Consumer()
                    consumer.begin = .head
                    try await consumer.take(from: follower, "the first new event") { consumer in
                        try await publisher.publish([draft(alice, "new")])
                        return consumer.events > 0
                    }
                    #expect(["marker", "new"].contains(consumer.texts[alice]?.first))
                    try await publisher.publish(numbers: 0..<20_000, alice)
                    try await consumer.take(from: follower, limit: 1, "something is missed") { !$0.missed.isEmpty }
                }
            }
        }
    }

    @Test func `only the wanted topics are delivered, and the others are no losses`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let partition = Partition.of(alice)
            let other = try #require((0..<1000).map { "user\($0)" }.first { Partition.of($0) == partition })
            let topic = "chat.p\(partition < 10 ? "0" : "")\(partition).\(alice)."
            let follower = try EventFollower.test(directory) { $0.topics = [topic] }
            try await running(publisher.run) {
                try await running(follower.run) {
                    for number in 0..<300 {
                        try await publisher.publish([draft(other, "-"), draft(alice, "\(number)"), draft(bob, "-")])
                    }
                    var received: [ReceivedEvent] = []
                    try await eventually("all of one channel") {
                        for event in await follower.next(100, atLeast: 1, within: .milliseconds(20)) ?? [] {
                            if case .producer(let hello) = event {
                                await follower.follow(hello.producer, from: .after([:]))
                            }
                            if case .event(let event) = event { received.append(event) }
                        }
                        return received.count >= 300
                    }
                    #expect(received.compactMap { FrameText($0)?.raw } == numbers(0..<300))
                }
            }
        }
    }
}
