import Protocol
import Testing

@testable import stream_poller

/// Every way in which Helix can flap within some polls.
@Suite struct StreamFlappingTests {
    /// What one poll shows of a channel.
    private enum Showing: CaseIterable {
        case live
        case absent
        case failed
    }

    @Test func `no flapping within three minutes ends a stream or begins it twice`() {
        // A sighting, any 6 polls of 25 s (150 s), a sighting.
        for pattern in 0..<729 {
            var fixture = TrackerFixture(interval: .seconds(25))
            var events = fixture.poll([fixture.stream("41")])
            var rest = pattern
            for _ in 0..<6 {
                switch Showing.allCases[rest % 3] {
                case .live: events += fixture.poll([fixture.stream("41")])
                case .absent: events += fixture.poll([])
                case .failed: events += fixture.poll([], answered: [])
                }
                rest /= 3
            }
            events += fixture.poll([fixture.stream("41")])
            #expect(events.summaries.first == "online 41")
            #expect(events.summaries.dropFirst().allSatisfy { $0 == "update 41" }, "pattern \(pattern)")
        }
    }

    @Test func `whatever the flapping, one end follows a real one, at the last sighting`() throws {
        for pattern in 0..<64 {
            var fixture = TrackerFixture()
            var lastSeen = fixture.now
            var events = fixture.poll([fixture.stream("41")])
            for bit in 0..<6 {
                if pattern >> bit & 1 == 1 { lastSeen = fixture.now }
                events += fixture.poll(pattern >> bit & 1 == 1 ? [fixture.stream("41")] : [])
            }
            for _ in 0..<5 { events += fixture.poll([]) }
            let ends = events.compactMap(\.offline)
            // Four absent polls in a row before a last sighting are an end, and the sighting brings the stream back.
            #expect((1...2).contains(ends.count), "pattern \(pattern)")
            #expect(try #require(ends.last).endedAt == lastSeen, "pattern \(pattern)")
            #expect(fixture.tracker.live.isEmpty)
        }
    }

    @Test func `two caches of different age make one change of streams`() {
        for pattern in 0..<256 {
            var fixture = TrackerFixture(interval: .seconds(10))
            let starts = (old: fixture.after(-9000), new: fixture.after(-30))
            var events = fixture.poll([fixture.stream("41", startedAt: starts.old)])
            for bit in 0..<8 {
                let isNew = pattern >> bit & 1 == 1
                events += fixture.poll([
                    isNew
                        ? fixture.stream("42", startedAt: starts.new) : fixture.stream("41", startedAt: starts.old)
                ])
            }
            let changes = events.summaries.filter { !$0.hasPrefix("update") }
            #expect(changes == (pattern == 0 ? ["online 41"] : ["online 41", "offline 41", "online 42"]))
        }
    }
}
