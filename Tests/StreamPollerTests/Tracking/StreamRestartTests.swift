import Protocol
import TestSupport
import Testing

@testable import stream_poller

@Suite struct StreamRestartTests {
    @Test func `a stream that ended while the poller was down is closed at the next poll`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        _ = fixture.poll([fixture.stream("41")])
        fixture.restart(after: 3600)
        let end = try #require(fixture.poll([]).first?.offline)
        #expect(end.endedAt == lastSeen)
        #expect(end.endedAtBasis == "inferred")
    }

    @Test func `a short restart does not make a gap between two sightings an end`() throws {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41")], then: 5)
        fixture.restart(after: 5)
        #expect(fixture.poll([]) == [])
        #expect(fixture.poll([fixture.stream("41")]).summaries == ["update 41"])
    }

    @Test func `an outage right after a short restart does not make the first absent poll an end`() {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41")], then: 5)
        fixture.restart(after: 5)
        for _ in 0..<10 { #expect(fixture.poll([], answered: []) == []) }
        #expect(fixture.poll([]) == [])
        #expect(fixture.poll([fixture.stream("41")]).summaries == ["update 41"])
    }

    @Test func `absent polls before a restart count`() throws {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41")])
        for _ in 0..<3 { #expect(fixture.poll([]) == []) }
        fixture.restart(after: 0)
        let end = try #require(fixture.poll([]).first?.offline)
        #expect(end.endedAtBasis == "observed")
    }

    @Test func `a stream that replaced another while the poller was down ends it as inferred`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        _ = fixture.poll([fixture.stream("41")])
        fixture.restart(after: 7200)
        let events = fixture.poll([fixture.stream("42", startedAt: fixture.after(-600))])
        #expect(events.summaries == ["offline 41", "online 42"])
        let end = try #require(events.first?.offline)
        #expect(end.endedAt == lastSeen)
        #expect(end.endedAtBasis == "inferred")
    }

    @Test func `a stream that runs on is not told again`() {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41")])
        fixture.restart(after: 86_400)
        #expect(fixture.poll([fixture.stream("41")]).summaries == ["update 41"])
    }

    @Test func `replaying what was published leads to the state that published it`() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            var fixture = TrackerFixture()
            var replayed = StreamTracker()
            for _ in 0..<40 {
                let seen = ["1", "2", "3"].compactMap { user -> StreamsState.Stream? in
                    guard Int.random(in: 0..<3, using: &random) > 0 else { return nil }
                    let number = Int.random(in: 0..<3, using: &random)
                    let start = Timestamp(milliseconds: 1_799_000_000_000 + Int64(number) * 1000)
                    return fixture.stream("\(user)\(number)", of: user, startedAt: start)
                }
                let time = fixture.now
                for event in fixture.poll(seen) { replayed.replay(event, at: time) }
                #expect(replayed.live.mapValues(\.update) == fixture.tracker.live.mapValues(\.update))
                #expect(replayed.live.mapValues(\.startedAt) == fixture.tracker.live.mapValues(\.startedAt))
                #expect(replayed.ended == fixture.tracker.ended)
            }
        }
    }
}
