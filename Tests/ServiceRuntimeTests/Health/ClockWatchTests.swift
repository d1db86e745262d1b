import Logging
import Synchronization
import Testing

@testable import ServiceRuntime

@Suite struct ClockWatchTests {
    let start = ContinuousClock.now
    let health = Health()

    /// Looks at a clock that shows these, a second apart; what health says after each.
    private func reasons(_ shown: [Int64]) -> [String?] {
        let time = Mutex<Int64>(0)
        let watch = ClockWatch(
            health: health,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            wall: { time.withLock { $0 } }
        )
        var observation = ClockObservation()
        return shown.enumerated().map { second, shown in
            time.withLock { $0 = shown }
            watch.look(&observation, at: start + .seconds(second))
            return health.parts.first { $0.name == "clock" }?.reason
        }
    }

    @Test func `a possible clock is no part of health`() {
        #expect(reasons([1_796_000_000_000, 1_796_000_001_000]) == [nil, nil])
        #expect(health.parts.isEmpty)
    }

    @Test(arguments: [0, 5000, -1, 1_700_000_000_000, 4_102_444_800_000, Int64.max, Int64.min])
    func `an impossible clock is told with what to do, until it is right`(shown: Int64) {
        let reasons = reasons([shown, 1_796_000_001_000, 1_796_000_002_000])
        #expect(reasons[0]?.contains("which cannot be; set it") == true && reasons[0]?.contains("\n") == false)
        #expect(reasons[1] == nil && reasons[2] == nil)
    }

    @Test func `a step is told by its size, a hesitation is not`() {
        var observation = ClockObservation()
        func step(_ shown: Int64, _ milliseconds: Int64) -> Int64? {
            observation.step(shown, at: start + .milliseconds(milliseconds))
        }
        let base: Int64 = 1_796_000_000_000
        #expect(step(base, 0) == nil)
        #expect(step(base + 1400, 1000) == nil)
        #expect(step(base + 2000 + 7_200_000, 2000) == 7_199_600)
        #expect(step(base + 3000, 3000) == -7_200_000)
        #expect(step(.max, 4000) == nil && step(.min, 5000) == nil, "no number stops it")
    }
}
