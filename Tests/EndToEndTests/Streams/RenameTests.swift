import Foundation
import Protocol
import TestSupport
import Testing

/// Renames and channels given by id, from Helix to the chat.
@Suite(.serialized) struct RenameTests {
    @Test func `a channel given by id is joined once the poller knows it, and followed when it is renamed`()
        async throws
    {
        try await StreamStack.with { streams in
            let stack = streams.stack
            struct Started: Decodable { var userId: String }
            let started: Started = try await stack.control.call(
                "POST",
                "streams",
                ["login": "quietharbor", "online": true, "title": "x"]
            )
            let file = stack.directory + "/channels.yaml"
            try "channels:\n  - user_id: \(started.userId)\n  - user_login: loudlagoon\n"
                .write(toFile: file, atomically: true, encoding: .utf8)
            let listed = ["CHANNELS": "", "CHANNELS_FILE": file].merging(StreamStack.hurried) { $1 }
            try stack.startGateway(listed)
            try await stack.joined(1)
            try await streams.issueToken()
            try stack.startPoller(listed)
            try await stack.joined(2)
            #expect(try await readers(stack) == ["loudlagoon": 1, "quietharbor": 1])

            try await stack.control.post("users/rename", ["from": "quietharbor", "to": "newharbor"])
            // The daily look is far away; a restart of the poller with nothing known looks at once.
            try await stack.poller?.stop()
            try FileManager.default.removeItem(
                atPath: stack.directory + "/state/journal/stream-poller/slot-0/streams.json"
            )
            try stack.startPoller(listed)
            try await eventually("the rename is told") {
                streams.recorder.renames.contains { $0.userLogin == "newharbor" && $0.userID == started.userId }
            }
            try await eventually("the gateway has moved") { try await readers(stack)["newharbor"] == 1 }
            // Without the poller, a restarted gateway still knows.
            try await stack.poller?.stop()
            try await stack.gateway?.killNow()
            try stack.startGateway(listed)
            try await eventually("the gateway is back under the new login") {
                try await readers(stack)["newharbor"] == 1
            }
        }
    }

    private func readers(_ stack: Stack) async throws -> [String: Int] {
        try await stack.control.statistics().channels.mapValues(\.readers).filter { $0.value > 0 }
    }
}
