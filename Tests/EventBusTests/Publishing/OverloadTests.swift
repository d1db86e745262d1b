import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// Followers that are allowed to connect and ask for more than memory can bear.
@Suite(.timeLimit(.minutes(10)))
struct OverloadTests {
    @Test func `subscriptions are counted, and the one who made most of them is known`() {
        var load = SubscriptionLoad()
        for number in 0..<SubscriptionLoad.mostTopics { load.take([1] + Array("t\(number)".utf8), from: "tap") }
        load.take([0, 1], from: nil)
        #expect(!load.isTooMuch)
        load.take([1, 1], from: "writer")
        load.take([1, 1], from: "writer")
        #expect(load.isTooMuch && load.heaviestSender == "tap")
        var long = SubscriptionLoad()
        for _ in 0..<1100 { long.take([1] + [UInt8](repeating: 7, count: 1000), from: nil) }
        #expect(long.isTooMuch && long.heaviestSender == nil)
    }

    @Test func `a crowd is what leaves less than a quarter, and what a purge cannot lower is none`() {
        let use = DescriptorUse(limit: 1024)
        #expect(!use.isCrowded(768) && use.isCrowded(769))
        use.purged(to: 800)
        #expect(!use.isCrowded(1056) && use.isCrowded(1057))
        #expect(DescriptorUse(limit: 1 << 20).isCrowded(4097))
        #expect(DescriptorUse().count.map { $0 > 2 } == true)
    }

    @Test func `subscriptions without end put everybody out, memory stays, and a writer goes on`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CapturedLog()
            var configuration = EventPublisher.Configuration(
                service: "irc-gateway",
                prefix: "gw",
                stateDirectory: directory
            )
            configuration.journal.sync = .normal
            configuration.timing.access = .milliseconds(50)
            let publisher = try EventPublisher(configuration, logger: log.logger)
            let follower = try EventFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await publisher.publish(numbers: 0..<10, alice)
                    var consumer = Consumer()
                    try await consumer.take(10, from: follower)
                    let before = Self.residentBytes
                    do {
                        let context = try Context()
                        let tap = try Socket(.sub, in: context)
                        try tap.connect("ipc://\(directory)/bus/irc-gateway-0")
                        var number = 0
                        try await eventually("it is told after \(number)") {
                            // The tap's own queue takes no more at a time. On a busy machine the answer takes a while.
                            for _ in 0..<500 where number < 100_000 {
                                try tap.subscribe("chat.p07.channel\(number).")
                                number += 1
                            }
                            // Only whoever enters libzmq sends on what was subscribed.
                            _ = try tap.receive()
                            return log.all.contains { $0.contains("followers have subscribed to too much") }
                        }
                    }
                    // The tap's own copy of its subscriptions is in this process too.
                    #expect(Self.residentBytes - before < 200 << 20)
                    try await publisher.publish(numbers: 10..<20, alice)
                    try await consumer.take(20, from: follower)
                    #expect(log.all.count { $0.contains("followers have subscribed to too much") } == 1)
                }
            }
        }
    }

    @Test func `pages that nobody reads do not fill the memory`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try EventPublisher.test(directory) { $0.timing.access = .milliseconds(50) }
            try await running(publisher.run) {
                for _ in 0..<40 { try await publisher.publish([draft(alice, "x", bytes: 50_000)]) }
                try await eventually("accepted") { publisher.queuedEvents == 0 }
                let before = Self.residentBytes
                let context = try Context()
                var askers: [Asker] = []
                for _ in 0..<24 { askers.append(try Asker(directory, context)) }
                for number in 1...40 {
                    let request = FetchRequest(request: number, after: everything, maxBytes: 64 << 20)
                    for asker in askers { try asker.socket.send(BusRequest.fetch(request).encode()) }
                }
                let honest = try EventFollower.test(directory)
                try await running(honest.run) {
                    var consumer = Consumer()
                    try await consumer.take(40, from: honest)
                }
                // 24 × 40 pages of 1 MiB were asked for.
                #expect(Self.residentBytes - before < 400 << 20)
                withExtendedLifetime(askers) {}
            }
        }
    }

    /// Asks and never reads.
    private final class Asker {
        let socket: Socket

        init(_ directory: String, _ context: Context) throws {
            let options = SocketOptions(receiveHighWaterMark: 1)
            socket = try Socket(.dealer, in: context, options: options)
            try socket.connect("ipc://\(directory)/bus/irc-gateway-0.req")
        }
    }

    private static var residentBytes: Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(statm.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
    }
}
