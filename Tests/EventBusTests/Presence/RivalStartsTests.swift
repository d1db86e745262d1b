import Foundation
import Protocol
import TestSupport
import Testing

@testable import EventBus

/// A copy of a `STATE_DIR` beside its original.
@Suite(.timeLimit(.minutes(10)))
struct RivalStartsTests {
    private let start = ContinuousClock.now

    private func beat(_ epoch: UInt32, _ heads: [Int: UInt32] = [:]) -> Heartbeat {
        Heartbeat(
            producer: "gw-1",
            service: "irc-gateway",
            epoch: epoch,
            partitions: 32,
            heads: heads.mapValues { Offset(epoch: epoch, sequence: $0) }
        )
    }

    @Test func `two epochs by turns are two processes`() {
        var rivals = RivalStarts()
        let verdicts = (0..<16).map { number in
            rivals.take(beat(number % 2 == 0 ? 7 : 8), at: start + .milliseconds(250 * number))
        }
        #expect(verdicts.firstIndex(of: true) == 8)
    }

    @Test func `the same epoch whose heads part are two processes`() {
        var rivals = RivalStarts()
        var isNoticed = false
        for number in 0..<16 {
            let ahead = UInt32(number + 5)
            let heads: [Int: UInt32] = number % 2 == 0 ? [0: ahead, 1: 1] : [0: 1, 1: ahead]
            isNoticed = rivals.take(beat(7, heads), at: start + .milliseconds(250 * number)) || isNoticed
        }
        #expect(isNoticed)
    }

    @Test func `restarts, late frames and one producer under two addresses are one process`() {
        var rivals = RivalStarts()
        for number in 0..<1000 {
            let now = start + .milliseconds(500 * number)
            // A restart every 10 s, whose last frames come late, and each heartbeat twice.
            let epoch = UInt32(100 + number / 20)
            let sequence = UInt32(number)
            var verdicts = [rivals.take(beat(epoch, [0: sequence, 1: 3]), at: now)]
            if number % 20 == 0 { verdicts.append(rivals.take(beat(epoch - 1, [0: sequence]), at: now)) }
            verdicts.append(rivals.take(beat(epoch, [0: sequence, 1: 3]), at: now))
            #expect(!verdicts.contains(true))
        }
    }

    @Test func `who hears a copy and its original says so`() async throws {
        try await withTemporaryDirectory { directory in
            let first = try EventPublisher.test(directory + "/one")
            try await running(first.run) { try await first.publish(numbers: 0..<10, alice) }
            try FileManager.default.copyItem(atPath: directory + "/one", toPath: directory + "/two")
            let original = try EventPublisher.test(directory + "/one") { $0.timing.heartbeat = .milliseconds(50) }
            let copy = try EventPublisher.test(directory + "/two") { $0.timing.heartbeat = .milliseconds(50) }
            #expect(original.producer == copy.producer)
            let log = CapturedLog()
            let follower = try EventFollower(
                .init(endpoints: ["one", "two"].map { "ipc://\(directory)/\($0)/bus/irc-gateway-*" }, group: "writer"),
                logger: log.logger
            )
            try await running(original.run) {
                try await running(copy.run) {
                    try await running(follower.run) {
                        // Both go on, each in channels of its own.
                        var number = 0
                        try await eventually("it is said") {
                            try await original.publish([draft(alice, "\(number)")])
                            try await copy.publish([draft(bob, "\(number)")])
                            number += 1
                            return log.all.contains { $0.contains("two processes speak for one producer") }
                        }
                    }
                }
            }
        }
    }
}
