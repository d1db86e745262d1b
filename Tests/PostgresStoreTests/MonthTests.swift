import Protocol
import Testing

@testable import PostgresStore

@Suite struct MonthTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00.000Z", "1970-01", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12", "1969-12-01T00:00:00.000Z"),
        ("2024-02-29T12:00:00.000Z", "2024-02", "2024-02-01T00:00:00.000Z"),
        ("2000-02-29T23:59:59.999Z", "2000-02", "2000-02-01T00:00:00.000Z"),
        ("2026-11-30T23:59:59.999Z", "2026-11", "2026-11-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12", "9999-12-01T00:00:00.000Z"),
    ])
    func `a moment lies in the month that the calendar says`(_ text: String, _ month: String, _ start: String) throws {
        let time = try #require(Timestamp(text))
        #expect(Month(time).description == month)
        #expect(Month(time).start.description == start)
    }

    @Test func `every month of four centuries begins where the one before ends`() {
        var month = Month(year: 1900, month: 1)
        for _ in 0..<4800 {
            let next = month.next
            #expect(Month(month.start) == month)
            #expect(Month(Timestamp(rawValue: next.start.rawValue - 1)) == month)
            month = next
        }
    }

    @Test func `a partition's name tells its month`() {
        let month = Month(year: 2026, month: 3)
        #expect(month.partitionName == "chat_messages_2026_03")
        #expect(Month(partitionName: month.partitionName) == month)
        #expect(Month(partitionName: "chat_messages_other") == nil)
        #expect(Month(partitionName: "chat_messages_2026_13") == nil)
    }

    @Test func `partitions are made for the present month and the next two, and late data gets its own`() throws {
        let now = try #require(Timestamp("2026-11-22T10:00:00.000Z"))
        var schedule = MonthSchedule()
        #expect(schedule.ahead(at: now).map(\.description) == ["2026-11", "2026-12", "2027-01"])
        for month in schedule.ahead(at: now) { schedule.made(month) }
        #expect(schedule.ahead(at: now).isEmpty)
        let instant = ContinuousClock.now
        let wanted: Set = [
            Month(year: 2026, month: 11), Month(year: 2019, month: 5), Month(year: 1970, month: 1),
            Month(year: 9999, month: 12), Month(year: 2027, month: 12),
        ]
        #expect(
            schedule.missing(wanted, at: now, instant: instant).map(\.description) == ["2019-05", "2027-12"]
        )
        schedule.failed(Month(year: 2019, month: 5), instant: instant)
        #expect(schedule.missing(wanted, at: now, instant: instant).map(\.description) == ["2027-12"])
        #expect(schedule.missing(wanted, at: now, instant: instant + .seconds(61)).count == 2)
    }

    @Test func `retention keeps whole months`() throws {
        let now = try #require(Timestamp("2026-11-22T10:00:00.000Z"))
        #expect(MonthSchedule.cutoff(days: 30, now: now).description == "2026-10-01T00:00:00.000Z")
        #expect(MonthSchedule.cutoff(days: 1, now: now).description == "2026-11-01T00:00:00.000Z")
    }
}
