import EventStore
import Protocol
import Testing

@Suite struct RecordedSessionTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: seconds * 1000) }

    private static func session(
        _ from: Int64?,
        _ through: Int64?,
        _ reason: String? = nil,
        heard: Int64? = nil,
        by gateway: String = "gw-a"
    ) -> RecordedSession {
        RecordedSession(
            gateway: gateway,
            startedAt: from.map(at),
            stoppedAt: through.map(at),
            stopReason: reason,
            lastHeardAt: heard.map(at)
        )
    }

    private static func coverage(_ sessions: RecordedSession...) -> Coverage {
        Coverage(recorded: sessions, from: at(1000), through: at(2000))
    }

    private static func causes(_ words: String...) -> [Coverage.Cause] { words.map { .init(rawValue: $0) } }

    @Test func `a running session counts to the end while its gateway is heard of`() {
        let coverage = Self.coverage(Self.session(900, nil, heard: 1900))
        #expect(coverage.share == 1 && !coverage.isAtLeast)
    }

    @Test func `one whose gateway fell silent counts until then, and says that it may be more`() {
        let coverage = Self.coverage(Self.session(900, nil, heard: 1500))
        #expect(coverage.share == 0.5 && coverage.isAtLeast)
        #expect(coverage.holes.map(\.causes) == [[.unknown]])
    }

    @Test func `one without an end was over when its gateway began the next one`() {
        let coverage = Self.coverage(
            Self.session(900, nil, heard: 1990),
            Self.session(1200, 1300, "crashed"),
            Self.session(1900, 1950, "shutdown", by: "gw-b")
        )
        #expect(coverage.share == 0.35)
        #expect(coverage.holes.map(\.causes) == [Self.causes("crashed"), Self.causes("shutdown")])
    }

    @Test func `two gateways on one channel are one listener`() {
        let coverage = Self.coverage(
            Self.session(900, 1500, "crashed"),
            Self.session(1400, 2100, "shutdown", by: "gw-b")
        )
        #expect(coverage.share == 1 && coverage.holes.isEmpty)
    }

    @Test func `a refused JOIN is no session, and says why a hole goes on`() {
        let coverage = Self.coverage(
            Self.session(900, 1100, "connection_lost"),
            Self.session(nil, 1110, "refused_suspended"),
            Self.session(nil, 1120, "refused_suspended"),
            Self.session(1600, 2100, "shutdown")
        )
        #expect(coverage.holes.map(\.causes) == [Self.causes("connection_lost", "refused_suspended")])
        #expect(!coverage.isAtLeast)
    }

    @Test func `a channel that was never let in has the refusal as its only cause`() {
        let coverage = Self.coverage(Self.session(nil, 500, "refused_no_answer"))
        #expect(coverage.share == 0)
        #expect(coverage.holes.map(\.causes) == [Self.causes("refused_no_answer")])
    }

    @Test func `a stop whose start is lost ends a hole and begins another`() {
        let coverage = Self.coverage(Self.session(nil, 1500, "crashed"))
        #expect(coverage.share == 0 && coverage.isAtLeast)
        #expect(coverage.holes.map(\.causes) == [[.notStarted], Self.causes("crashed")])
    }

    @Test func `a stop before the start, by a clock that was set back, covers nothing`() {
        #expect(Self.coverage(Self.session(1500, 1400, "shutdown")).share == 0)
    }

    @Test func `a mark that the clock was set is no session and no refusal`() {
        let coverage = Self.coverage(
            Self.session(900, 2100, "shutdown"),
            Self.session(nil, 1500, "clock_set_by_-7200000ms")
        )
        #expect(coverage.share == 1 && coverage.holes.isEmpty && !coverage.isAtLeast)
    }

    @Test func `a session that began in 1970 covers no more than is known, and says that it may be more`() {
        let now: Int64 = 1_790_000_000
        func coverage(_ session: RecordedSession) -> Coverage {
            Coverage(recorded: [session], from: Self.at(now - 10_800), through: Self.at(now))
        }
        let running = coverage(Self.session(30, nil, heard: now - 5))
        #expect(running.share < 0.001 && running.isAtLeast)
        let ended = coverage(Self.session(30, now - 3600, "shutdown"))
        #expect(ended.share == 0 && ended.isAtLeast)
        #expect(coverage(Self.session(30, nil, heard: 35)).share == 0)
        #expect(coverage(Self.session(30, 35, "shutdown")).share == 0)
    }
}
