import EventStore
import Protocol
import Testing

@Suite struct CoverageTests {
    private static func coverage(_ sessions: (Int64, Int64)..., from: Int64 = 100, through: Int64 = 200) -> Coverage {
        Coverage(
            spans: sessions.map {
                Coverage.Span(
                    from: Timestamp(rawValue: $0),
                    through: Timestamp(rawValue: $1),
                    end: Coverage.Cause(rawValue: "end of \($0)")
                )
            },
            from: Timestamp(rawValue: from),
            through: Timestamp(rawValue: through)
        )
    }

    /// A hole behind the session that began at `after`.
    private static func hole(_ from: Int64, _ through: Int64, after: Int64?) -> Coverage.Hole {
        Coverage.Hole(
            from: Timestamp(rawValue: from),
            through: Timestamp(rawValue: through),
            causes: [after.map { Coverage.Cause(rawValue: "end of \($0)") } ?? .notStarted]
        )
    }

    @Test func `sessions that overlap or lie in each other count once`() {
        let coverage = Self.coverage((150, 180), (90, 130), (120, 160), (121, 122))
        #expect(coverage.share == 0.8)
        #expect(coverage.holes == [Self.hole(180, 200, after: 150)])
    }

    @Test func `holes are what lies between, before and behind`() {
        let coverage = Self.coverage((110, 120), (130, 150))
        #expect(coverage.share == 0.3)
        #expect(
            coverage.holes == [
                Self.hole(100, 110, after: nil), Self.hole(120, 130, after: 110), Self.hole(150, 200, after: 130),
            ]
        )
        #expect(coverage.longestHole == Self.hole(150, 200, after: 130))
    }

    @Test func `sessions around the whole time leave no hole, sessions outside cover nothing`() {
        #expect(Self.coverage((0, 1000)).share == 1)
        #expect(Self.coverage((0, 1000)).holes.isEmpty)
        #expect(Self.coverage((201, 300)) == Self.coverage())
        #expect(Self.coverage((0, 50), (60, 99), (0, 20)).holes == [Self.hole(100, 200, after: 60)])
        #expect(Self.coverage().share == 0)
    }

    @Test func `a stream without length is covered when somebody listened at that moment`() {
        #expect(Self.coverage((0, 1000), from: 100, through: 100).share == 1)
        #expect(Self.coverage(from: 100, through: 100).share == 0)
    }
}
