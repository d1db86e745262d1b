import Protocol
import TestSupport
import Testing

@testable import EventBus

@Suite(.timeLimit(.minutes(10)))
struct RejectionFollowerTests {
    private func rejected(_ number: Int) -> EventDraft {
        EventDraft(
            domain: .token,
            subject: "_",
            time: Timestamp(milliseconds: 0),
            event: .tokenRejected(
                TokenRejected(
                    kind: "user",
                    fingerprint: "\(number)",
                    reason: "Login authentication failed",
                    rejectedAt: Timestamp(milliseconds: 0)
                )
            )
        )
    }

    @Test func `it hears every rejection of gateways and pollers since it began, between all their chat`() async throws
    {
        try await withTemporaryDirectory { directory in
            let gateway = try EventPublisher.test(directory)
            let poller = try EventPublisher.test(directory) { $0.service = "stream-poller" }
            let heard = Heard<String>()
            let follower = try RejectionFollower(
                endpoints: ["ipc://\(directory)/bus/irc-gateway-*"],
                pollers: ["ipc://\(directory)/bus/stream-poller-*"],
                security: nil,
                logger: quiet
            ) { heard.add($0.fingerprint) }
            try await running(gateway.run) {
                try await running(poller.run) {
                    try await gateway.publish([rejected(0)])
                    try await eventually("the first is in the journal") { gateway.queuedEvents == 0 }
                    try await running(follower.run) {
                        // Only what comes after it has met a producer is heard for sure: repeat until it was.
                        try await eventually("the first of each", every: .milliseconds(50)) {
                            try await gateway.publish([rejected(1)])
                            try await poller.publish([rejected(2)])
                            return Set(heard.all).isSuperset(of: ["1", "2"])
                        }
                        for number in 3..<100 {
                            try await gateway.publish([draft(alice), rejected(number), draft(bob)])
                        }
                        try await eventually("all") { heard.all.last == "99" }
                        #expect(heard.all.filter { $0.count > 1 || $0 > "2" } == (3..<100).map(String.init))
                        #expect(!heard.all.contains("0"))
                    }
                }
            }
        }
    }
}
