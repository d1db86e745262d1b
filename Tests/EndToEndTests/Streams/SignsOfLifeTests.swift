import Foundation
import TestSupport
import Testing

/// Channels that Twitch's chat refuses, or forgot, while Helix shows them.
@Suite(.serialized) struct SignsOfLifeTests {
    private func joinAttempts(_ streams: StreamStack) async throws -> Int {
        try await streams.stack.control.statistics().joins
    }

    @Test func `a refused channel that begins to be live is joined within a minute`() async throws {
        try await StreamStack.with(channels: ["quietharbor", "loudlagoon"]) { streams in
            let stack = streams.stack
            try await stack.control.inflict(
                "refuse-join",
                ["with": "msg_channel_suspended", "channels": ["loudlagoon"], "count": 1]
            )
            try await streams.issueToken()
            try stack.startPoller(StreamStack.hurried)
            try stack.startGateway()
            try await stack.joined(1)
            try await eventually("it is refused") {
                stack.gateway?.errorOutput.contains("Twitch does not let us into a channel") == true
            }
            try await streams.polls(1)
            _ = try await streams.goLive("loudlagoon")
            let begin = ContinuousClock.now
            try await stack.joined(2)
            #expect(ContinuousClock.now - begin < .seconds(60))
        }
    }

    @Test func `a live channel that was left without a word is joined again`() async throws {
        try await StreamStack.with(channels: ["quietharbor"]) { streams in
            let stack = streams.stack
            try await streams.issueToken()
            try stack.startPoller(StreamStack.hurried)
            try stack.startGateway()
            try await stack.joined(1)
            _ = try await streams.goLive("quietharbor")
            let joins = try await joinAttempts(streams)
            try await stack.control.inflict("part", ["channels": ["quietharbor"], "silent": true])
            #expect(try await stack.control.joinedChannels() == 0)
            try await stack.joined(1)
            let after = try await joinAttempts(streams)
            #expect(after == joins + 1, "one JOIN is enough")
        }
    }
}
