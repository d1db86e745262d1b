import Testing

@testable import twitch_simulator

@Suite struct HTTPFaultsTests {
    @Test func `faults take turns, the oldest first, each as often as told`() {
        var faults = HTTPFaults()
        faults.add(HTTPFaultRequest(endpoint: "token", status: 500, count: 2), at: 0)
        faults.add(HTTPFaultRequest(status: 503), at: 0)
        let statuses = ["validate", "token", "token", "token"].map { faults.take(endpoint: $0, at: 0)?.status }
        #expect(statuses == [503, 500, 500, nil])
    }

    @Test func `a grant type narrows, a duration ends`() {
        var faults = HTTPFaults()
        faults.add(HTTPFaultRequest(grantType: "refresh_token", status: 500, durationMilliseconds: 10), at: 0)
        var takes: [Bool] = []
        for (grantType, now) in [
            ("client_credentials", 0), ("refresh_token", 0), ("refresh_token", 9_999_999),
            ("refresh_token", 10_000_000),
        ] {
            takes.append(faults.take(endpoint: "token", grantType: grantType, at: Int64(now)) != nil)
        }
        #expect(takes == [false, true, true, false])
    }

    @Test func `a 5xx without a message is not JSON, everything else is`() {
        func type(_ status: Int, _ message: String?) -> String? {
            HTTPFault(status: status, message: message, delayMilliseconds: 0).replyInstead(as: .oauth)?.contentType
        }
        #expect(type(502, nil) == "text/html; charset=utf-8")
        #expect(type(502, "x") == "application/json" && type(429, nil) == "application/json")
    }
}
