import Foundation
import Protocol
import TestSupport
import Testing

/// The poller as a real process against the simulator's Helix.
@Suite(.serialized) struct StreamDetectionTests {
    @Test func `a start, a change and an end are told, each once`() async throws {
        try await StreamStack.with { streams in
            try await streams.issueToken()
            try streams.stack.startPoller(StreamStack.hurried)
            let id = try await streams.goLive("quietharbor", ["category": "Chess", "tags": ["Cosy"]])
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
            try await streams.stack.control.post(
                "streams/update",
                ["login": "quietharbor", "title": "日本語の配信", "viewers": 77]
            )
            try await eventually("the change is told") {
                streams.recorder.updates.contains { $0.title == "日本語の配信" && $0.viewerCount == 77 }
            }
            try await streams.end("quietharbor")
            try await eventually("the end is told") { streams.recorder.changes.last == "offline \(id)" }
            let end = try #require(streams.recorder.ends.first)
            let lastSeen = try #require(streams.recorder.updates.last { $0.streamID == id }?.observedAt)
            #expect(end.endedAt == lastSeen)
            #expect(end.endedAtBasis == "observed")
            let second = try await streams.goLive("quietharbor")
            try await eventually("the next start is told") { streams.recorder.changes.last == "online \(second)" }
            #expect(streams.recorder.changes == ["online \(id)", "offline \(id)", "online \(second)"])
        }
    }

    @Test func `without a token it waits, ready, and begins when one comes`() async throws {
        try await StreamStack.with { streams in
            let id = try await streams.goLive("loudlagoon")
            try streams.stack.startPoller(StreamStack.hurried)
            try await eventually("it says what it needs") {
                streams.stack.poller?.errorOutput.contains("TWITCH_CLIENT_ID") == true
            }
            #expect(try await streams.helixLog().total == 0)
            try await streams.issueToken()
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
        }
    }

    @Test func `a refused token is told, and the next one is used`() async throws {
        try await StreamStack.with { streams in
            let token = try await streams.issueToken()
            let id = try await streams.goLive("quietharbor")
            try streams.stack.startPoller(StreamStack.hurried)
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
            try await streams.stack.control.post("oauth/expire", ["access_token": token])
            try await eventually("the refusal is told") {
                streams.stack.poller?.errorOutput.contains("refused the access token") == true
            }
            try await streams.issueToken(version: 2)
            try await streams.polls(3)
            #expect(streams.recorder.changes == ["online \(id)"])
            #expect(streams.stack.poller?.errorOutput.contains(token) == false)
        }
    }

    @Test func `a Helix that fails in every way ends no stream`() async throws {
        try await StreamStack.with { streams in
            try await streams.issueToken()
            let id = try await streams.goLive("quietharbor")
            try streams.stack.startPoller(StreamStack.hurried)
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
            for fault: [String: any Sendable] in [
                ["endpoint": "streams", "status": 503, "count": 9],
                ["endpoint": "streams", "status": 429, "count": 4, "reset_after_milliseconds": 200],
                ["endpoint": "streams", "drop": "before", "count": 6],
            ] {
                try await streams.stack.control.post("faults/helix", fault)
                try await streams.polls(2)
            }
            #expect(streams.recorder.changes == ["online \(id)"])
        }
    }

    @Test func `a killed poller tells nothing twice and closes what ended meanwhile`() async throws {
        try await StreamStack.with { streams in
            try await streams.issueToken()
            try streams.stack.startPoller(StreamStack.hurried)
            let first = try await streams.goLive("quietharbor")
            let second = try await streams.goLive("loudlagoon")
            try await eventually("the starts are told") { streams.recorder.changes.count == 2 }
            try await streams.stack.poller?.killNow()
            try await streams.end("loudlagoon")
            let third = try await streams.goLive("sunken_pier")
            try await Task.sleep(for: .milliseconds(1100))
            try streams.stack.startPoller(StreamStack.hurried)
            try await eventually("what happened meanwhile is told") { streams.recorder.changes.count == 4 }
            #expect(Set(streams.recorder.changes.prefix(2)) == ["online \(first)", "online \(second)"])
            #expect(Set(streams.recorder.changes.suffix(2)) == ["offline \(second)", "online \(third)"])
            #expect(streams.recorder.ends.first?.endedAtBasis == "inferred")
            // Killed again and again, whatever it was doing.
            for _ in 0..<8 {
                try await streams.stack.poller?.killNow()
                try streams.stack.startPoller(StreamStack.hurried)
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
            }
            try await streams.polls(2)
            #expect(streams.recorder.changes.count == 4)
        }
    }

    @Test func `Twitch's flapping begins and ends a stream once`() async throws {
        try await StreamStack.with { streams in
            try await streams.issueToken()
            try streams.stack.startPoller(
                ["STREAM_POLL_INTERVAL": "500ms", "STREAM_OFFLINE_POLLS": "3", "STREAM_OFFLINE_AFTER": "4s"]
            )
            let id = try await streams.goLive("quietharbor", ["flapping_milliseconds": 12_000])
            try await eventually("the start is told") { streams.recorder.changes == ["online \(id)"] }
            try await streams.polls(24)
            #expect(streams.recorder.changes == ["online \(id)"])
        }
    }
}
