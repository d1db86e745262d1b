import Protocol
import Synchronization
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// What somebody says who is not the producer that it names.
@Suite(.timeLimit(.minutes(10)))
struct ForgeryTests {
    private static let name = "gw-victim"
    private static let partition = Partition.of(alice)

    /// A producer of a test's own: it says and answers whatever it is told to.
    private final class Speaker {
        let context: Context
        let events: Socket
        let requests: Socket
        var epoch: UInt32
        var service = "irc-gateway"
        var journal: [(offset: Offset, previous: Offset, text: String)] = []
        /// What FETCH claims beside what is there.
        var claims: (heads: Offset?, through: Offset?) = (nil, nil)

        init(at path: String, epoch: UInt32) throws {
            self.epoch = epoch
            context = try Context()
            events = try Socket(.xpub, in: context)
            try events.bind("ipc://\(path)")
            requests = try Socket(.router, in: context)
            try requests.bind("ipc://\(path).req")
        }

        var head: Offset { journal.last?.offset ?? .zero }

        func frame(_ offset: Offset, after previous: Offset, _ text: String) -> [UInt8] {
            EventFrame.encode(
                draft(alice, text),
                service: service,
                producer: ForgeryTests.name,
                partition: ForgeryTests.partition,
                offset: offset,
                previous: previous
            )
        }

        /// Accepts an event and publishes it.
        func say(_ text: String) throws {
            let offset = Offset(epoch: epoch, sequence: UInt32(journal.count + 1))
            let previous = head
            journal.append((offset, previous, text))
            try events.send(frame(offset, after: previous, text))
        }

        func beat(epoch claimed: UInt32? = nil, head claimedHead: Offset? = nil) throws {
            let heartbeat = Heartbeat(
                producer: ForgeryTests.name,
                service: service,
                epoch: claimed ?? epoch,
                partitions: Partition.count,
                heads: [ForgeryTests.partition: claimedHead ?? head]
            )
            try events.send(HeartbeatCodec.encode(heartbeat))
        }

        /// Answers what has been asked.
        func answer() throws {
            var asker: [UInt8] = []
            var frame: [UInt8] = []
            while case .more = try requests.receive(into: &asker) {
                guard case .last = try requests.receive(into: &frame) else { return }
                let reply: BusReply
                switch try BusRequest.decode(frame) {
                case .hello(let hello):
                    reply = .hello(
                        HelloReply(
                            request: hello.request,
                            service: service,
                            producer: ForgeryTests.name,
                            epoch: epoch,
                            partitions: Partition.count
                        )
                    )
                case .fetch(let fetch): reply = page(fetch)
                case .ack(let ack): reply = .ack(AckReply(request: ack.request, accepted: true))
                case .heads(let heads):
                    reply = .heads(HeadsReply(request: heads.request, heads: [ForgeryTests.partition: head]))
                case .snap(let snap):
                    reply = .error(ErrorReply(request: snap.request, code: "unknown_topic", message: ""))
                }
                try requests.send(asker, more: true)
                try requests.send(reply.encode())
            }
        }

        private func page(_ fetch: FetchRequest) -> BusReply {
            let after = fetch.after[ForgeryTests.partition] ?? .zero
            let wanted = journal.filter { $0.offset > after }
            let truncated = claims.through.map {
                [FetchReply.Truncation(partition: ForgeryTests.partition, after: .zero, through: $0)]
            }
            let reply = FetchReply(
                request: fetch.request,
                count: wanted.count,
                truncated: truncated ?? [],
                complete: true,
                heads: [ForgeryTests.partition: claims.heads ?? head],
                epoch: epoch
            )
            return .fetch(reply, frames: wanted.map { frame($0.offset, after: $0.previous, $0.text) })
        }
    }

    private static var present: UInt32 { ProducerTrust.latestEpoch(at: WallClock.system.now(), slack: .zero) }

    private func follower(_ directory: String) throws -> EventFollower {
        var configuration = EventFollower.Configuration(endpoints: [], group: "writer")
        configuration.follow(["ipc://\(directory)/speaker"], of: "irc-gateway")
        configuration.timing.helloPause = .milliseconds(20)
        return try EventFollower(configuration, logger: quiet)
    }

    /// Takes what the follower delivers while the speaker does something and answers, until it is done.
    private func take(
        _ consumer: inout Consumer,
        from follower: EventFollower,
        _ speaker: Speaker,
        _ what: Comment,
        doing work: () throws -> Void = {},
        until isDone: (Consumer) -> Bool
    ) async throws {
        try await consumer.take(from: follower, what) { consumer in
            try speaker.answer()
            try work()
            return isDone(consumer)
        }
    }

    @Test func `forged heartbeats and events of a later epoch stop nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: Self.present)
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await take(&consumer, from: follower, speaker, "it is met") { !$0.hellos.isEmpty }
                for epoch in [UInt32.max - 1, speaker.epoch + 7] {
                    let forged = Offset(epoch: epoch, sequence: .max - 1)
                    try speaker.beat(epoch: epoch, head: forged)
                    try speaker.events.send(speaker.frame(forged, after: .zero, "forged"))
                }
                var count = 0
                try await take(
                    &consumer,
                    from: follower,
                    speaker,
                    "twenty real events come",
                    doing: {
                        guard count < 20 else { return try speaker.beat() }
                        try speaker.say("\(count)")
                        count += 1
                    },
                    until: { $0.events >= 20 }
                )
                #expect(consumer.texts[alice] == numbers(0..<20))
                #expect(consumer.overruns.isEmpty)
            }
        }
    }

    @Test func `a forged event of the present run is noticed, and what comes is delivered behind the real head`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: Self.present)
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await take(
                    &consumer,
                    from: follower,
                    speaker,
                    "it is met and heard",
                    doing: { try speaker.beat() },
                    until: { _ in follower.reach.heard.count == 1 }
                )
                let forged = Offset(epoch: speaker.epoch, sequence: .max - 1)
                try speaker.events.send(speaker.frame(forged, after: .zero, "forged"))
                try await take(
                    &consumer,
                    from: follower,
                    speaker,
                    "the overrun is told",
                    doing: { try speaker.beat() },
                    until: { !$0.overruns.isEmpty }
                )
                #expect(consumer.overruns.first?.offset == forged)
            }
        }
    }

    @Test func `truncations beyond the reply's own heads are not believed`() async throws {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: Self.present)
            try speaker.say("0")
            speaker.claims.through = Offset(epoch: speaker.epoch, sequence: .max - 1)
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer(cursors: [Self.name: [Self.partition: .zero]])
                var asked = 0
                try await take(
                    &consumer,
                    from: follower,
                    speaker,
                    "it is asked again and again",
                    doing: { asked += 1 },
                    until: { _ in asked > 60 }
                )
                #expect(consumer.truncated.isEmpty && consumer.events == 0)
                speaker.claims.through = nil
                try await take(&consumer, from: follower, speaker, "the event") { $0.events == 1 }
            }
        }
    }

    @Test(arguments: [UInt32.max - 1, UInt32(Int32.max)])
    func `an epoch beyond the clock is refused, and why is told`(_ epoch: UInt32) async throws {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: epoch)
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await take(&consumer, from: follower, speaker, "it is refused") { _ in
                    follower.reach.refusals.contains { $0.contains("in the future") }
                }
                #expect(consumer.hellos.isEmpty && follower.reach.heard.isEmpty)
                // The real one is there again.
                speaker.epoch = Self.present
                try await take(&consumer, from: follower, speaker, "it is met") { !$0.hellos.isEmpty }
                try await eventually("nothing is wrong any more") { follower.reach.refusals.isEmpty }
            }
        }
    }

    @Test func `an endpoint that is another service than was expected is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: Self.present)
            speaker.service = "stream-poller"
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await take(&consumer, from: follower, speaker, "it is refused") { _ in
                    follower.reach.refusals.contains { $0.contains("stream-poller") }
                }
                #expect(consumer.hellos.isEmpty)
            }
        }
    }

    @Test func `an impostor with a later epoch is forgotten when the producer is back`() async throws {
        try await withTemporaryDirectory { directory in
            let speaker = try Speaker(at: directory + "/speaker", epoch: Self.present + 600)
            try speaker.say("forged")
            let follower = try follower(directory)
            try await running(follower.run) {
                var consumer = Consumer()
                try await take(&consumer, from: follower, speaker, "the impostor is believed") { $0.events == 1 }
                speaker.epoch = Self.present
                speaker.journal = []
                for number in 0..<3 { try speaker.say("\(number)") }
                try await take(
                    &consumer,
                    from: follower,
                    speaker,
                    "the real events",
                    doing: { try speaker.beat() },
                    until: { $0.overruns.count == 1 }
                )
                #expect(consumer.hellos.map(\.epoch).last == speaker.epoch)
                #expect(consumer.overruns.first?.head == speaker.head)
            }
        }
    }

    @Test func `who is heard is who speaks and answers`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory)
            let follower = try EventFollower.test(directory) { $0.timing.silence = .milliseconds(1500) }
            try await running(follower.run) {
                try await running(publisher.run) {
                    try await publisher.publish(numbers: 0..<1, alice)
                    try await eventually("it is heard") {
                        follower.reach.heard.first?.heads[Self.partition] != nil
                    }
                    #expect(follower.reach.heard.map(\.producer) == [publisher.producer])
                    #expect(follower.reach.heard.map(\.identity) == [.local])
                }
                try await eventually("it is not heard any more") { follower.reach.heard.isEmpty }
            }
        }
    }

    @Test func `tcp in plain text is refused for other machines and warned about on this one`() throws {
        func make(_ endpoint: String, allowed: Bool) throws {
            var configuration = EventFollower.Configuration(endpoints: [endpoint])
            configuration.allowsPlaintext = allowed
            _ = try EventFollower(configuration, logger: quiet)
        }
        #expect(throws: BusAddressError.self) { try make("tcp://10.0.0.5:7001", allowed: false) }
        #expect(throws: Never.self) { try make("tcp://10.0.0.5:7001", allowed: true) }
        #expect(throws: Never.self) { try make("tcp://127.0.0.1:7001", allowed: false) }
    }

    @Test func `a follower of plain tcp on loopback says so when it starts`() async throws {
        let log = CapturedLog()
        let follower = try EventFollower(
            EventFollower.Configuration(endpoints: ["tcp://127.0.0.1:9"]),
            logger: log.logger
        )
        try await running(follower.run) {
            try await eventually("it is said") { log.text.contains("in plain text") }
        }
    }
}
