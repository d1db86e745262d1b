import Testing

@testable import writer

@Suite struct AttributionScheduleTests {
    @Test func `a started writer looks for work that another one left`() {
        #expect(AttributionSchedule().isDue)
    }

    @Test func `it looks on until nothing is left, then only after a batch that tells of streams`() {
        var schedule = AttributionSchedule()
        schedule.settled(isUnfinished: true)
        #expect(schedule.isDue)
        schedule.settled(isUnfinished: false)
        #expect(!schedule.isDue)
        schedule.committed(reportsStreams: false)
        #expect(!schedule.isDue)
        schedule.committed(reportsStreams: true)
        #expect(schedule.isDue)
    }

    @Test func `after a failure it waits for a batch that succeeds, or for the next check`() {
        var schedule = AttributionSchedule()
        schedule.failed()
        #expect(!schedule.isDue)
        schedule.committed(reportsStreams: false)
        #expect(schedule.isDue)
        schedule.failed()
        schedule.check()
        #expect(schedule.isDue)
    }
}
