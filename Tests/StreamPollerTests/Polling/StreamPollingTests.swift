import EventBus
import FoundationEssentials
import Protocol
import ServiceRuntime
import Synchronization
import TestSupport
import Testing
import TwitchAPI

@testable import stream_poller

/// The poller with a real journal: what it tells, and what survives.
@Suite struct StreamPollingTests {
    @Test func `starts, samples and ends are told once each`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash", "elm"])
            try await fixture.run { polling, publisher in
                try await fixture.polled(1, publisher)
                fixture.helix.goLive("1", "41")
                fixture.pass(.seconds(60))
                try await fixture.poll(polling, publisher)
                fixture.pass(.seconds(60))
                try await fixture.poll(polling, publisher)
                fixture.helix.end("1")
                for _ in 0..<5 {
                    fixture.pass(.seconds(60))
                    try await fixture.poll(polling, publisher)
                }
            }
            let told = try fixture.accepted().summaries
            #expect(told == ["user.update", "user.update", "online 41", "update 41", "offline 41"])
        }
    }

    @Test func `a Helix that is down ends nothing and is told in the health`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash"])
            fixture.helix.goLive("1", "41")
            try await fixture.run { polling, publisher in
                try await fixture.polled(1, publisher)
                fixture.helix.world.withLock { $0.isDown = true }
                for _ in 0..<20 {
                    fixture.pass(.seconds(60))
                    try await fixture.poll(polling, publisher)
                }
                try await eventually("the health says so") {
                    fixture.health.parts.contains { $0.name == "helix" && $0.reason?.contains("503") == true }
                }
                fixture.helix.world.withLock { $0.isDown = false }
                fixture.pass(.seconds(60))
                try await fixture.poll(polling, publisher)
                try await eventually("it is well again") {
                    fixture.health.parts.contains { $0.name == "helix" && $0.reason == nil }
                }
            }
            #expect(try fixture.accepted().summaries == ["user.update", "online 41", "update 41"])
        }
    }

    @Test func `a restart tells nothing twice, and closes what ended meanwhile`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash", "elm"])
            fixture.helix.goLive("1", "41")
            fixture.helix.goLive("2", "42")
            try await fixture.run { _, publisher in try await fixture.polled(1, publisher) }
            fixture.helix.end("2")
            fixture.pass(.seconds(3600))
            try await fixture.run { _, publisher in try await fixture.polled(2, publisher) }
            let told = try fixture.accepted()
            #expect(
                told.summaries == [
                    "user.update", "user.update", "online 41", "online 42", "update 41", "offline 42",
                ]
            )
            #expect(told.last?.offline?.endedAtBasis == "inferred")
        }
    }

    @Test(arguments: [false, true])
    func `what the journal accepted and the state lacks is neither told twice nor lost`(stateIsLost: Bool) async throws
    {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash", "elm"])
            let state = "\(directory)/journal/stream-poller/slot-0/streams.json"
            let files = FileManager.default
            fixture.helix.goLive("1", "41")
            var older: Data?
            try await fixture.run { polling, publisher in
                try await fixture.polled(1, publisher)
                try await fixture.saved("41")
                older = files.contents(atPath: state)
                // A start and an end that the older state knows nothing of.
                fixture.helix.goLive("1", "43", startedAt: "2026-11-25T11:00:00Z")
                fixture.helix.goLive("2", "42")
                fixture.pass(.seconds(60))
                try await fixture.poll(polling, publisher)
            }
            // As if the process had been killed between the journal and the state.
            if stateIsLost {
                try files.removeItem(atPath: state)
            } else {
                try #require(older).write(to: URL(filePath: state))
            }
            fixture.pass(.seconds(60))
            try await fixture.run { _, publisher in try await fixture.polled(3, publisher) }
            let told = try fixture.accepted().summaries.filter { !$0.hasPrefix("user") && !$0.hasPrefix("update") }
            #expect(told == ["online 41", "offline 41", "online 43", "online 42"])
        }
    }

    @Test func `a journal that lost its tail is told everything again`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash"])
            fixture.helix.goLive("1", "41")
            try await fixture.run { _, publisher in
                try await fixture.polled(1, publisher)
                try await fixture.saved("41")
            }
            // A power failure with JOURNAL_SYNC=normal takes what was not synced; the state was.
            let slot = "\(directory)/journal/stream-poller/slot-0"
            for name in try FileManager.default.contentsOfDirectory(atPath: slot)
            where !["streams.json", "identity.json", "epoch.json", "lock"].contains(name) {
                try FileManager.default.removeItem(atPath: "\(slot)/\(name)")
            }
            try await fixture.run { _, publisher in try await fixture.polled(2, publisher) }
            let told = try fixture.accepted().summaries
            #expect(told == ["online 41", "update 41"])
        }
    }

    @Test func `a damaged state is made anew from the journal`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash"])
            fixture.helix.goLive("1", "41")
            try await fixture.run { _, publisher in
                try await fixture.polled(1, publisher)
                try await fixture.saved("41")
            }
            try Data("{".utf8).write(to: URL(filePath: "\(directory)/journal/stream-poller/slot-0/streams.json"))
            fixture.pass(.seconds(10))
            try await fixture.run { _, publisher in try await fixture.polled(2, publisher) }
            let starts = try fixture.accepted().summaries.filter { $0.hasPrefix("online") }
            #expect(starts == ["online 41"])
        }
    }

    @Test func `late joiners get what is live and who is who`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash"], ids: ["2", "99"])
            fixture.helix.goLive("1", "41")
            try await fixture.run { polling, publisher in
                try await fixture.polled(1, publisher)
                let query = try StateQuery(.init(endpoints: ["ipc://\(directory)/bus/stream-poller-*"]))
                var streams: StreamsState?
                try await eventually("the state is there") {
                    let answer = try await query.ask(StreamsState.topic, within: .seconds(120)).first
                    streams = try answer.map { try JSONDecoder().decode(StreamsState.self, from: Data($0.state)) }
                    return streams?.polledAt != nil
                }
                #expect(streams?.streams.map(\.update.streamID) == ["41"])
                let answer = try #require(try await query.ask(ChannelsState.topic, within: .seconds(120)).first)
                let channels = try JSONDecoder().decode(ChannelsState.self, from: Data(answer.state))
                #expect(channels.channels.map(\.listedAs) == ["ash", "2"])
                #expect(channels.channels.map(\.userLogin) == ["ash", "user2"])
                #expect(channels.unknown == ["99"])
                // A rename grows the version.
                fixture.helix.world.withLock { $0.users[0].login = "birch" }
                fixture.pass(ChannelDirectory.refresh)
                try await fixture.poll(polling, publisher)
                try await eventually("the new login is told") {
                    let newer = try await query.ask(ChannelsState.topic, within: .seconds(120)).first
                    return newer.map {
                        $0.version > answer.version && String(decoding: $0.state, as: UTF8.self).contains("birch")
                    }
                        ?? false
                }
            }
        }
    }

    @Test func `where Twitch knows none of the channels that is an answer, too`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: [], ids: ["99"])
            try await fixture.run { _, _ in
                let query = try StateQuery(.init(endpoints: ["ipc://\(directory)/bus/stream-poller-*"]))
                try await eventually("the poller has asked") {
                    let answer = try await query.ask(StreamsState.topic, within: .seconds(120)).first
                    let state = try answer.map { try JSONDecoder().decode(StreamsState.self, from: Data($0.state)) }
                    return state?.polledAt != nil
                }
            }
            #expect(fixture.helix.polls == 0)
        }
    }

    @Test func `another list of channels applies at once`() async throws {
        try await withTemporaryDirectory { directory in
            let fixture = PollerFixture(in: directory, logins: ["ash", "elm"])
            fixture.helix.goLive("1", "41")
            fixture.helix.goLive("2", "42")
            try await fixture.run { polling, publisher in
                try await fixture.polled(1, publisher)
                polling.collect(ChannelList(logins: ["elm"]))
                try await fixture.polled(2, publisher)
            }
            let told = try fixture.accepted()
            #expect(told.summaries.suffix(2) == ["offline 41", "update 42"])
        }
    }
}
