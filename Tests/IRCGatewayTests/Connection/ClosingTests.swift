import NIOCore
import Protocol
import TestSupport
import Testing

@testable import irc_gateway

/// What a server sends while a connection is being closed.
@Suite(.timeLimit(.minutes(5))) struct ClosingTests {
    @Test func `a server that still sends what was said is heard out, longer than one that is silent`() async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                let gateway = try Gateway(twitch.url, ["alpha"], in: directory)
                twitch.change {
                    // The last one comes when a silent server would have been given up for half a second.
                    $0.lastWords = (1...5).map { Chat.message($0, in: "alpha") }
                    $0.lastWordsEvery = .milliseconds(300)
                }
                try await gateway.running {
                    try await eventually("joined") { gateway.starts.count == 1 }
                }
                #expect(gateway.messageIDs == (1...5).map(Chat.uuid))
                #expect(gateway.stops.map(\.reason) == ["shutdown"])
            }
        }
    }
}
