import Protocol
import Testing
import TwitchAPI

@testable import collector

@Suite struct ClockCheckTests {
    @Test(arguments: [
        ("Fri, 27 Nov 2026 22:09:23 GMT", "2026-11-27T22:09:23.000Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
    ])
    func `the time of a header is read`(header: String, time: String) {
        #expect(HTTPDate.parse(header).map { "\($0)" } == time)
    }

    @Test(arguments: ["", "yesterday", "Fri, 27 Nov 2026 22:09:23 CET", "Fri, 27 Noy 2026 22:09:23 GMT"])
    func `anything else is not`(header: String) {
        #expect(HTTPDate.parse(header) == nil)
    }

    @Test func `seconds are tolerated, minutes are not`() throws {
        let theirs = "Fri, 27 Nov 2026 22:09:23 GMT"
        let zero = try #require(Timestamp("2026-11-27T22:09:23.500Z")).rawValue
        func look(_ milliseconds: Int64) throws -> String {
            try ClockCheck.look((theirs, Timestamp(rawValue: zero + milliseconds)))
        }
        #expect(try look(900) == "right within the second")
        #expect(try look(-4_000) == "4 s behind Twitch's, which is fine")
        #expect(throws: Complaint.self) { try look(6_000) }
        #expect(throws: NotApplicable.self) { try ClockCheck.look(nil) }
    }
}
