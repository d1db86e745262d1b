import EventStore
import Protocol
import Testing

@Suite struct CoverageTests {
    private static func coverage(_ sessions: (Int64, Int64)..., from: Int64 = 100, through: Int64 = 200) -> Coverage {
        Coverage(
            sessions: sessions.map { (Timestamp(rawValue: $0), Timestamp(rawValue: $1)) },
            from: Timestamp(rawValue: from),
            through: Timestamp(rawValue: through)
        )
    }

    private static func hole(_ from: Int64, _ through: Int64) -> Coverage.Hole {
        Coverage.Hole(from: Timestamp(rawValue: from), through: Timestamp(rawValue: through))
    }

    @Test func `sessions that overlap or lie in each other count once`() {
        let coverage = Self.coverage((150, 180), (90, 130), (120, 160), (121, 122))
        #expect(coverage.share == 0.8)
        #expect(coverage.holes == [Self.hole(180, 200)])
    }

    @Test func `holes are what lies between, before and behind`() {
        let coverage = Self.coverage((110, 120), (130, 150))
        #expect(coverage.share == 0.3)
        #expect(coverage.holes == [Self.hole(100, 110), Self.hole(120, 130), Self.hole(150, 200)])
        #expect(coverage.longestHole == Self.hole(150, 200))
    }

    @Test func `sessions around the whole time leave no hole, sessions outside cover nothing`() {
        #expect(Self.coverage((0, 1000)).share == 1)
        #expect(Self.coverage((0, 1000)).holes.isEmpty)
        #expect(Self.coverage((0, 99), (201, 300)) == Self.coverage())
        #expect(Self.coverage().share == 0)
    }

    @Test func `a stream without length is covered when somebody listened at that moment`() {
        #expect(Self.coverage((0, 1000), from: 100, through: 100).share == 1)
        #expect(Self.coverage(from: 100, through: 100).share == 0)
    }
}
