import Foundation
import Protocol
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

@Suite(.timeLimit(.minutes(10)))
struct PublisherTests {
    @Test func `what was queued before a stop is committed by it, and nothing is taken after it`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await publisher.publish(numbers: 0..<1000, alice)
            try await running(publisher.run) {}
            await #expect(throws: PublisherStopped.self) { try await publisher.publish([draft(alice)]) }
            let again = try EventPublisher.test(directory)
            #expect(again.producer == publisher.producer)
            let follower = try EventFollower.test(directory)
            try await running(again.run) {
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(1000, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<1000))
                }
            }
        }
    }

    @Test func `a start can read back what the last run published, the newest of it`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                try await publisher.publish(numbers: 0..<300, alice)
                try await publisher.publish(numbers: 0..<20, bob)
            }
            let again = try EventPublisher.test(directory)
            for (count, expected) in [(UInt32(30), 30), (1000, 320)] {
                var offsets: [Offset] = []
                try again.forEachLatest(count) { offsets.append($0.offset) }
                #expect(offsets.count == expected && offsets == offsets.sorted())
            }
            try await running(again.run) {}
        }
    }

    @Test func `a stop removes the sockets' files and frees the slot`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                try await eventually("both are bound") {
                    FileManager.default.fileExists(atPath: "\(directory)/bus/irc-gateway-0.req")
                }
                let mode = try FileManager.default.attributesOfItem(atPath: "\(directory)/bus")[.posixPermissions]
                #expect(mode as? Int == 0o700)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/bus").isEmpty)
            #expect(try EventPublisher.test(directory).slotDirectory == publisher.slotDirectory)
        }
    }

    @Test func `the files of a killed process do not hinder the next`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: "\(directory)/bus", withIntermediateDirectories: true)
            for name in ["irc-gateway-0", "irc-gateway-0.req"] {
                try Data().write(to: URL(filePath: "\(directory)/bus/\(name)"))
            }
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<10, alice)
                    var consumer = Consumer()
                    try await consumer.take(10, from: follower)
                }
            }
        }
    }

    @Test func `over tcp any free pair of ports does`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.bind = "tcp://127.0.0.1:*" }
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                let endpoint = try #require(publisher.endpoint)
                #expect(!endpoint.hasSuffix("*"))
                let follower = try EventFollower.test(directory) { $0.endpoints = [endpoint] }
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<100, alice)
                    var consumer = Consumer()
                    try await consumer.take(100, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<100))
                }
            }
        }
    }

    @Test func `an address that other machines reach is refused unless plain text is allowed`() async throws {
        try await withTemporaryDirectory { directory in
            let error = #expect(throws: BusAddressError.self) {
                try EventPublisher.test(directory) { $0.bind = "tcp://0.0.0.0:5555" }
            }
            #expect(error?.description.contains("BUS_ALLOW_PLAINTEXT=1") == true)
            _ = try EventPublisher.test(directory) {
                $0.bind = "tcp://0.0.0.0:5555"
                $0.allowsPlaintext = true
            }
        }
    }

    @Test func `a path that is too long for a socket is refused with a hint`() async throws {
        try await withTemporaryDirectory { directory in
            let error = #expect(throws: BusAddressError.self) {
                try EventPublisher.test(directory + "/" + String(repeating: "x", count: 100))
            }
            #expect(error?.description.contains("shorter STATE_DIR") == true)
        }
    }

    @Test func `a port that is in use ends the service with the reason`() async throws {
        try await withTemporaryDirectory { directory in
            let context = try Context()
            let other = try Socket(.xpub, in: context)
            let taken = try other.bind("tcp://127.0.0.1:*")
            let publisher = try EventPublisher.test(directory) { $0.bind = taken }
            let error = await #expect(throws: ZeroMQError.self) { try await publisher.run() }
            #expect(error?.code == .addressInUse)
            #expect(error?.description.contains(taken) == true)
        }
    }

    @Test func `acknowledged events are no longer undelivered`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<100, alice)
                    var consumer = Consumer()
                    try await consumer.take(100, from: follower)
                    #expect(publisher.hasUndelivered)
                    let committed = consumer.cursors[publisher.producer] ?? [:]
                    follower.acknowledge(publisher.producer, committed: committed, database: "db-1")
                    try await eventually("the journal knows") { !publisher.hasUndelivered }
                }
            }
        }
    }

    @Test func `requests that are none are answered with an error and disturb nobody`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            try await running(publisher.run) {
                let context = try Context()
                let asker = try Socket(.dealer, in: context)
                try asker.connect("ipc://\(directory)/bus/irc-gateway-0.req")
                for garbage in ["", "X", "HELLO", "FETCH {\"request\":7,\"after\":3}", "NONSENSE {\"request\":8}"] {
                    try asker.send(Array(garbage.utf8))
                }
                try asker.send(Array("HELLO {}".utf8), more: true)
                try asker.send([1, 2, 3])
                try asker.send(BusRequest.hello(HelloRequest(request: 9)).encode())
                var replies: [BusReply] = []
                try await eventually("an answer to each") {
                    while let reply = try asker.receive() { replies.append(try BusReply.decode(reply)) }
                    return replies.count == 7
                }
                #expect(replies.map(\.request) == [0, 0, 0, 7, 8, 0, 9])
                guard case .hello(let hello) = replies.last else {
                    Issue.record("no HELLO")
                    return
                }
                #expect(hello.producer == publisher.producer)
            }
        }
    }

    @Test func `a state is answered as it was set last, the highest version winning`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            publisher.setSnapshot("joined", version: 2, json: Array(#"["b"]"#.utf8))
            publisher.setSnapshot("joined", version: 1, json: Array(#"["a"]"#.utf8))
            try await running(publisher.run) {
                let context = try Context()
                let asker = try Socket(.dealer, in: context)
                try asker.connect("ipc://\(directory)/bus/irc-gateway-0.req")
                try asker.send(BusRequest.snap(SnapRequest(request: 1, topic: "joined")).encode())
                try asker.send(BusRequest.snap(SnapRequest(request: 2, topic: "other")).encode())
                var replies: [BusReply] = []
                try await eventually("two answers") {
                    while let reply = try asker.receive() { replies.append(try BusReply.decode(reply)) }
                    return replies.count == 2
                }
                #expect(replies.first == .snap(SnapReply(request: 1, version: 2, state: Array(#"["b"]"#.utf8))))
                guard case .error(let error) = replies.last else {
                    Issue.record("no error")
                    return
                }
                #expect(error.code == "unknown_topic")
            }
        }
    }

    @Test func `who acknowledges with another database is refused, and both sides hear of it at once`() async throws {
        try await withTemporaryDirectory { directory in
            let reasons = Mutex<[String?]>([])
            let publisher = try EventPublisher.test(directory) {
                $0.onForeignArchive = { reason in reasons.withLock { $0.append(reason) } }
            }
            let (right, wrong) = (try EventFollower.test(directory), try EventFollower.test(directory))
            try await running(publisher.run) {
                try await running(right.run) {
                    var consumer = Consumer()
                    try await consumer.take(from: right, "it is found") { !$0.hellos.isEmpty }
                    right.acknowledge(publisher.producer, committed: [:], database: "main")
                    try await eventually("the journal is kept for it") {
                        FileManager.default.fileExists(atPath: Acknowledgements.path(in: publisher.slotDirectory))
                    }
                    #expect(reasons.withLock { $0.isEmpty })
                    try await running(wrong.run) {
                        var other = Consumer()
                        try await other.take(from: wrong, "it is found") { !$0.hellos.isEmpty }
                        wrong.acknowledge(publisher.producer, committed: [:], database: "test")
                        try await other.take(from: wrong, "it is refused") { !$0.refusing.isEmpty }
                    }
                }
            }
            #expect(reasons.withLock { $0 } == [ForeignArchive.reason])
        }
    }

    @Test func `a refusal counts for half a minute`() {
        let now = ContinuousClock.now
        var archive = ForeignArchive()
        let news = [0, 10, 39].map { archive.refused(at: now + .seconds($0)) }
        #expect(news == [true, false, false])
        let ends = [68, 69, 70].map { archive.hasEnded(at: now + .seconds($0)) }
        #expect(ends == [false, true, false])
    }

    @Test func `a slot that a dead process left behind is served by its neighbour and given back`() async throws {
        try await withTemporaryDirectory { directory in
            let neighbour = try EventPublisher.test(directory)
            let dead = try EventPublisher.test(directory) { $0.timing.adoption = .milliseconds(50) }
            _ = neighbour
            let survivor = try EventPublisher.test(directory) { $0.timing.adoption = .milliseconds(50) }
            try await running(dead.run) { try await dead.publish(numbers: 0..<300, alice) }
            let follower = try EventFollower.test(directory)
            try await running(survivor.run) {
                try await running(follower.run) {
                    var consumer = Consumer()
                    try await consumer.take(300, from: follower)
                    #expect(consumer.texts[alice] == numbers(0..<300))
                    #expect(consumer.hellos.contains { $0.producer == dead.producer })
                    #expect(throws: Never.self) { try #require(self.isHeld(dead)) }
                    follower.acknowledge(
                        dead.producer,
                        committed: consumer.cursors[dead.producer] ?? [:],
                        database: "db-1"
                    )
                    try await eventually("the slot is given back") { !self.isHeld(dead) }
                }
            }
        }
    }

    @Test func `an acknowledgement that died with its producer is said again to who serves its journal`() async throws {
        try await withTemporaryDirectory { directory in
            let dead = try EventPublisher.test(directory)
            let survivor = try EventPublisher.test(directory) { $0.timing.adoption = .milliseconds(50) }
            let follower = try EventFollower.test(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await running(dead.run) {
                    try await dead.publish(numbers: 0..<3, alice)
                    try await consumer.take(3, from: follower)
                    let committed = consumer.cursors[dead.producer] ?? [:]
                    follower.acknowledge(dead.producer, committed: committed, database: "db-1")
                    try await eventually("the journal knows") { !dead.hasUndelivered }
                }
                let committed = consumer.cursors[dead.producer] ?? [:]
                // As `kill -9` leaves it: the database is on disk at once, how far it came a second later.
                let forgotten = #"{"groups":{"writer":{"committed":{},"database":"db-1"}}}"#
                try Data(forgotten.utf8).write(to: URL(filePath: Acknowledgements.path(in: dead.slotDirectory)))
                try await running(survivor.run) {
                    try await eventually("the slot is served") { self.isHeld(dead) }
                    follower.acknowledge(dead.producer, committed: committed, database: "db-1")
                    try await eventually("the slot is given back") { !self.isHeld(dead) }
                }
            }
        }
    }

    /// Whether a process serves the slot: its socket is there.
    private func isHeld(_ publisher: EventPublisher) -> Bool {
        let slot = publisher.slotDirectory.split(separator: "-").last ?? ""
        let state = publisher.slotDirectory.components(separatedBy: "/journal/").first ?? ""
        return FileManager.default.fileExists(atPath: "\(state)/bus/irc-gateway-\(slot)")
    }
}
