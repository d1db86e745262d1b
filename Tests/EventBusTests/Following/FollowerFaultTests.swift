import Protocol
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// Silence, truncation, garbage and stopping.
@Suite(.timeLimit(.minutes(10)))
struct FollowerFaultTests {
    @Test func `events that the journal gave up are reported as truncated`() async throws {
        try await withTemporaryDirectory { directory in
            let cap = { (configuration: inout EventPublisher.Configuration) in
                configuration.journal.segmentBytes = 64 << 10
                configuration.journal.capBytes = 256 << 10
                configuration.journal.minimumAge = .zero
                configuration.timing.prune = .milliseconds(20)
            }
            let publisher = try EventPublisher.test(directory, cap)
            try await running(publisher.run) {
                var published = 0
                try await eventually("the cap forces something out") {
                    for _ in 0..<100 {
                        try await publisher.publish([draft(alice, "\(published)", bytes: 500)])
                        published += 1
                    }
                    return publisher.journalCounters.prunedSegments > 0
                }
                var consumer = Consumer(cursors: [publisher.producer: [Partition.of(alice): .zero]])
                let follower = try EventFollower.test(directory)
                try await running(follower.run) {
                    let last = "\(published - 1)"
                    try await consumer.take(from: follower, "the last event") { $0.texts[alice]?.last == last }
                }
                #expect(consumer.truncated.count >= 1)
                #expect(consumer.truncated.first?.after == .zero)
                #expect(consumer.events < published)
                #expect(consumer.texts[alice] == numbers(published - consumer.events..<published))
            }
        }
    }

    @Test func `a producer that stops is reported as silent once`() async throws {
        try await withTemporaryDirectory { directory in
            let follower = try EventFollower.test(directory) { $0.timing.silence = .milliseconds(1500) }
            try await running(follower.run) {
                var consumer = Consumer()
                let publisher = try EventPublisher.test(directory)
                try await running(publisher.run) {
                    try await publisher.publish(numbers: 0..<10, alice)
                    try await consumer.take(10, from: follower)
                    #expect(consumer.silent.isEmpty)
                }
                try await consumer.take(from: follower, "silence") { !$0.silent.isEmpty }
                #expect(consumer.silent == [publisher.producer])
            }
        }
    }

    @Test func `what a follower cannot understand is ignored`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory) { $0.endpoints.append("ipc://\(directory)/impostor") }
            let context = try Context()
            let events = try Socket(.xpub, in: context)
            try events.bind("ipc://\(directory)/impostor")
            let requests = try Socket(.router, in: context)
            try requests.bind("ipc://\(directory)/impostor.req")
            try await running(publisher.run) {
                try await running(follower.run) {
                    var consumer = Consumer()
                    for number in 0..<200 {
                        for garbage in ["", "\n", "chat.p07.x.y\n", "chat.p07.x.y\n{", "hb.x\n{}", "chat.\n[]"] {
                            try events.send(Array(garbage.utf8))
                        }
                        if let asker = try requests.receive() {
                            for reply in ["", "HELLO", "HELLO {}", "FETCH {\"request\":1}", "NONSENSE {\"request\":1}"]
                            {
                                try requests.send(asker, more: true)
                                try requests.send(Array(reply.utf8))
                            }
                        }
                        try await publisher.publish([draft(alice, "\(number)")])
                    }
                    try await consumer.take(200, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<200))
                    #expect(consumer.hellos.count == 1)
                }
            }
        }
    }

    @Test func `a lost tail is noticed by the heartbeat, without another event`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                let follower = try EventFollower.test(directory) {
                    $0.receiveHighWaterMark = 1
                    $0.queueLimit = 5
                }
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(from: follower, "the producer is met") { !$0.hellos.isEmpty }
                    // One burst, most of which is dropped live, and then nothing more.
                    try await publisher.publish((0..<3000).map { draft(alice, "\($0)") })
                    try await consumer.take(3000, from: follower, limit: 5)
                    #expect(consumer.texts[alice]?.last == "2999")
                }
            }
        }
    }

    @Test func `stopping takes moments, whatever the follower waits for`() async throws {
        try await withTemporaryDirectory { directory in
            let follower = try EventFollower.test(directory) { $0.endpoints.append("tcp://127.0.0.1:9") }
            let waiting = Task { await follower.next(10, within: .seconds(3600)) }
            try await running(follower.run) {}
            #expect(await waiting.value == nil)
            #expect(await follower.next(1, within: .seconds(3600)) == nil)
        }
    }

    @Test func `what was received before the stop can still be taken`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(from: follower, "the producer is met") { !$0.hellos.isEmpty }
                    try await publisher.publish(numbers: 0..<10, alice)
                    try await eventually("ten are queued") { follower.queuedEvents == 10 }
                }
            }
            #expect(await follower.next(100, within: .seconds(1))?.count == 10)
            #expect(await follower.next(100, within: .seconds(1)) == nil)
        }
    }

    @Test func `a producer with another number of partitions is refused with a clear line`() async throws {
        try await withTemporaryDirectory { directory in
            let context = try Context()
            let requests = try Socket(.router, in: context)
            try requests.bind("ipc://\(directory)/old.req")
            let follower = try EventFollower.test(directory) { $0.endpoints = ["ipc://\(directory)/old"] }
            let task = Task { try await follower.run() }
            try await eventually("the follower says hello") {
                var asker: [UInt8] = []
                var request: [UInt8] = []
                guard case .more = try requests.receive(into: &asker), case .last = try requests.receive(into: &request)
                else { return false }
                let number = try BusRequest.decode(request).request
                let reply = HelloReply(request: number, service: "x", producer: "x-1", epoch: 1, partitions: 16)
                try requests.send(asker, more: true)
                try requests.send(BusReply.hello(reply).encode())
                return true
            }
            let error = await #expect(throws: FollowerError.self) { try await task.value }
            #expect(error?.description.contains("16 partitions") == true)
        }
    }
}
