import Testing

@testable import twitch_simulator

@Suite struct LiveStreamTests {
    private static func stream(_ timing: StreamTiming, movesViewers: Bool = false) -> LiveStream {
        LiveStream(
            id: "1",
            userID: "2",
            info: StreamInfo(title: "T 1", viewers: 1000),
            startedAt: 0,
            begunAt: 0,
            timing: timing,
            movesViewers: movesViewers
        )
    }

    @Test func `changes are shown one after the other, each with its own lag`() {
        var stream = Self.stream(StreamTiming())
        for (at, title) in [(10, "T 2"), (20, "T 3")] {
            var info = stream.info
            info.title = title
            stream.change(info, at: Int64(at), lag: 100)
        }
        #expect([109, 110, 119, 120].map { stream.shown(at: $0).title } == ["T 1", "T 2", "T 2", "T 3"])
        #expect(stream.info.title == "T 3")
    }

    @Test func `a stream that ends while it still flaps is gone in the end`() {
        var stream = Self.stream(StreamTiming(flapping: 120))
        stream.end(at: 60, timing: StreamTiming(lag: 10, flapping: 24))
        #expect(!stream.isListed(at: 60) && stream.isListed(at: 62) && !stream.isListed(at: 83))
        #expect((84...400).allSatisfy { !stream.isListed(at: $0) })
        #expect(!stream.isOver(at: 83) && stream.isOver(at: 84))
    }

    @Test func `viewers gather, then stay around the usual number`() {
        let stream = Self.stream(StreamTiming(), movesViewers: true)
        let minutes = (0..<120).map { stream.shown(at: $0 * 60_000).viewers }
        #expect(minutes[0] < 500)
        #expect(minutes.dropFirst(20).allSatisfy { (800...1200).contains($0) })
        #expect(Set(minutes).count > 60)
    }
}
