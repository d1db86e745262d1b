import Protocol
import Testing

@testable import stream_poller

@Suite struct StreamTrackerTests {
    @Test func `a stream is live at its first sighting and gives a sample at each later one`() {
        var fixture = TrackerFixture()
        #expect(fixture.poll([]) == [])
        #expect(fixture.poll([fixture.stream("41", viewers: 5)]).summaries == ["online 41"])
        let samples = fixture.poll([fixture.stream("41", viewers: 9)])
        guard case .streamUpdate(let update)? = samples.first else {
            Issue.record("no update: \(samples)")
            return
        }
        #expect(update.viewerCount == 9)
        #expect(update.observedAt == fixture.after(-60))
    }

    @Test func `a stream is over after three absent polls that span three minutes`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        #expect(fixture.poll([fixture.stream("41")]).summaries == ["online 41"])
        for _ in 0..<3 { #expect(fixture.poll([]) == []) }
        let end = try #require(fixture.poll([]).first?.offline)
        #expect(end.streamID == "41")
        #expect(end.endedAt == lastSeen)
        #expect(end.endedAtBasis == "observed")
        #expect(fixture.poll([]) == [])
    }

    @Test func `with a short interval the time counts, with a long one the polls`() {
        var fast = TrackerFixture(interval: .seconds(5))
        _ = fast.poll([fast.stream("41")])
        var polls = 0
        while fast.poll([]).isEmpty { polls += 1 }
        #expect(polls == 36)

        var slow = TrackerFixture(interval: .seconds(600))
        _ = slow.poll([slow.stream("41")])
        polls = 0
        while slow.poll([]).isEmpty { polls += 1 }
        #expect(polls == 2)
    }

    @Test func `the settings may ask for less`() {
        var fixture = TrackerFixture(
            policy: .init(absentPolls: 1, absentFor: .zero),
            interval: .seconds(1)
        )
        _ = fixture.poll([fixture.stream("41")])
        #expect(fixture.poll([]).summaries == ["offline 41"])
    }

    @Test func `a failed request says nothing about its channels`() {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41"), fixture.stream("42", of: "2")])
        for _ in 0..<20 { #expect(fixture.poll([], answered: []) == []) }
        // One batch is back, the other is not.
        for _ in 0..<3 { #expect(fixture.poll([], answered: ["1"]) == []) }
        #expect(fixture.poll([], answered: ["1"]).summaries == ["offline 41"])
        #expect(fixture.poll([fixture.stream("42", of: "2")]).summaries == ["update 42"])
    }

    @Test func `an end during an outage is inferred`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        _ = fixture.poll([fixture.stream("41")])
        for _ in 0..<10 { _ = fixture.poll([], answered: []) }
        for _ in 0..<3 { #expect(fixture.poll([]) == []) }
        let end = try #require(fixture.poll([]).first?.offline)
        #expect(end.endedAt == lastSeen)
        #expect(end.endedAtBasis == "inferred")
    }

    @Test func `a new stream ends the old one at once, where the new one began or earlier`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        _ = fixture.poll([fixture.stream("41")])
        let events = fixture.poll([fixture.stream("42", startedAt: fixture.after(-20))])
        #expect(events.summaries == ["offline 41", "online 42"])
        #expect(events.first?.offline?.endedAt == lastSeen)
        #expect(events.first?.offline?.endedAtBasis == "observed")
        // Shown for longer than it ran: the next one's beginning is the limit.
        let began = fixture.after(-200)
        var lagging = TrackerFixture()
        _ = lagging.poll([lagging.stream("41", startedAt: lagging.after(-4000))])
        let next = lagging.poll([lagging.stream("42", startedAt: lagging.after(-90))])
        #expect(try #require(next.first?.offline).endedAt == lagging.after(-150))
        #expect(began < fixture.now)
    }

    @Test func `an old answer neither ends the new stream nor brings the old one back`() {
        var fixture = TrackerFixture()
        let old = fixture.stream("41", startedAt: fixture.after(-4000))
        _ = fixture.poll([old])
        let start = fixture.after(-30)
        #expect(fixture.poll([fixture.stream("42", startedAt: start)]).summaries == ["offline 41", "online 42"])
        #expect(fixture.poll([old]) == [])
        #expect(fixture.poll([fixture.stream("42", startedAt: start)]).summaries == ["update 42"])
        for _ in 0..<3 { #expect(fixture.poll([]) == []) }
        #expect(fixture.poll([]).summaries == ["offline 42"])
        #expect(fixture.poll([old]) == [])
    }

    @Test func `a stream that comes back after its end is the same stream`() {
        var fixture = TrackerFixture()
        _ = fixture.poll([fixture.stream("41")])
        for _ in 0..<4 { _ = fixture.poll([]) }
        #expect(fixture.tracker.live.isEmpty)
        #expect(fixture.poll([fixture.stream("41")]).summaries == ["online 41"])
        #expect(fixture.tracker.ended.isEmpty)
    }

    @Test func `channels are told apart and repeated ones counted once`() {
        var fixture = TrackerFixture()
        let events = fixture.poll([fixture.stream("42", of: "2"), fixture.stream("41"), fixture.stream("42", of: "2")])
        #expect(events.summaries == ["online 41", "online 42"])
    }

    @Test func `what was not asked for is not believed`() {
        var fixture = TrackerFixture()
        #expect(fixture.poll([fixture.stream("49", of: "9")]) == [])
    }

    @Test func `a channel that is no longer wanted ends as inferred`() throws {
        var fixture = TrackerFixture()
        let lastSeen = fixture.now
        _ = fixture.poll([fixture.stream("41"), fixture.stream("42", of: "2")])
        let events = fixture.tracker.keep(only: ["2"])
        let end = try #require(events.first?.offline)
        #expect(events.count == 1)
        #expect(end.endedAt == lastSeen)
        #expect(end.endedAtBasis == "inferred")
    }

    @Test func `no stream ends before it began`() throws {
        var fixture = TrackerFixture(policy: .init(absentPolls: 1, absentFor: .zero))
        let start = fixture.after(30)
        _ = fixture.poll([fixture.stream("41", startedAt: start)])
        #expect(try #require(fixture.poll([]).first?.offline).endedAt == start)
    }
}
