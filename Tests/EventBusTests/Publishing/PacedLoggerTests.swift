import Testing

@testable import EventBus

struct PacedLoggerTests {
    @Test func `a kind of line comes once a minute and says how many it stands for`() {
        let logger = PacedLogger(quiet)
        let start = ContinuousClock.now
        #expect(logger.take("a", at: start) == 0)
        for _ in 0..<500 { #expect(logger.take("a", at: start + .seconds(30)) == nil) }
        #expect(logger.take("b", at: start + .seconds(30)) == 0)
        #expect(logger.take("a", at: start + .seconds(60)) == 500)
        #expect(logger.take("a", at: start + .seconds(119)) == nil)
    }

    @Test func `made-up subjects cost no more than so many lines`() {
        let logger = PacedLogger(quiet)
        let now = ContinuousClock.now
        let lines = (0..<100_000).count { logger.take("stranger \($0)", at: now) != nil }
        #expect(lines <= 65)
    }
}
