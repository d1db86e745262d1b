import EventStore
import Protocol
import Testing

@Suite struct StreamTimelineTests {
    private static func at(_ time: Int64) -> Timestamp { Timestamp(rawValue: time) }

    private static func span(_ id: String, _ start: Int64, _ end: Int64? = nil) -> StreamSpan {
        StreamSpan(streamID: id, startedAt: at(start), endedAt: end.map(at))
    }

    @Test func `start and end belong to the stream, the moments beside them to none`() {
        let timeline = StreamTimeline([Self.span("a", 10, 20)])
        #expect([9, 10, 20, 21].map { timeline.stream(at: Self.at($0)) } == [nil, "a", "a", nil])
    }

    @Test func `the next stream ends the one before, also where their times overlap`() {
        let timeline = StreamTimeline([Self.span("b", 20, 30), Self.span("a", 10), Self.span("c", 25, 26)])
        #expect(
            [10, 19, 20, 24, 25, 26, 27, 30].map { timeline.stream(at: Self.at($0)) }
                == ["a", "a", "b", "b", "c", "c", nil, nil]
        )
    }

    @Test func `an end before the start leaves the stream without a moment`() {
        let timeline = StreamTimeline([Self.span("a", 10, 5)])
        #expect([4, 5, 10, 11].allSatisfy { timeline.stream(at: Self.at($0)) == nil })
    }

    @Test func `segments cover everything and agree with the rule moment by moment`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let timeline = Self.random(&random)
            let segments = timeline.segments(from: Self.at(-5), through: Self.at(45))
            #expect(segments.first?.from == Self.at(-5) && segments.last?.through == Self.at(45))
            for (one, two) in zip(segments, segments.dropFirst()) { #expect(one.through.following == two.from) }
            for moment in Int64(-5)...45 {
                let time = Self.at(moment)
                let segment = segments.first { $0.from <= time && time <= $0.through }
                #expect(segment?.streamID == timeline.stream(at: time), "\(timeline) at \(moment)")
            }
        }
    }

    @Test func `changes are exactly the moments whose answer differs`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let old = Self.random(&random)
            let new = Self.random(&random)
            let ranges = StreamTimeline.changes(from: old, to: new)
            for moment in Int64(-5)...45 {
                let time = Self.at(moment)
                let differs = old.stream(at: time) != new.stream(at: time)
                #expect(ranges.contains { $0.contains(time) } == differs, "\(old) to \(new) at \(moment)")
            }
        }
    }

    @Test func `a stream that starts without an end changes all that follows`() {
        let ranges = StreamTimeline.changes(from: StreamTimeline(), to: StreamTimeline([Self.span("a", 10)]))
        #expect(ranges == [Self.at(10)...Timestamp.latest])
    }

    private static func random(_ random: inout some RandomNumberGenerator) -> StreamTimeline {
        StreamTimeline(
            (0..<Int.random(in: 0...4, using: &random)).map { index in
                let start = Int64.random(in: 0...40, using: &random)
                let end = Bool.random(using: &random) ? start + Int64.random(in: -2...20, using: &random) : nil
                return span("s\(index)", start, end)
            }
        )
    }
}
