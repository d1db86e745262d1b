import Testing

@testable import writer

@Suite struct AttributionScheduleTests {
    private static let now = ContinuousClock.now

    @Test func `a started writer looks for work that another one left`() {
        #expect(AttributionSchedule().isDue(at: Self.now))
    }

    @Test func `it looks on until nothing is left, then only after a batch that tells of streams or after a while`() {
        var schedule = AttributionSchedule()
        schedule.settled(isUnfinished: true)
        #expect(schedule.isDue(at: Self.now))
        schedule.settled(isUnfinished: false)
        #expect(!schedule.isDue(at: Self.now))
        schedule.check()
        #expect(schedule.isDue(at: Self.now))
    }

    @Test func `after a failure it pauses, and goes on where it was`() {
        var schedule = AttributionSchedule()
        schedule.failed(at: Self.now)
        schedule.check()
        #expect(!schedule.isDue(at: Self.now + .milliseconds(999)))
        #expect(schedule.isDue(at: Self.now + .seconds(1)))
    }
}
