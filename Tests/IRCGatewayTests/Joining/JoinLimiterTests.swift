import ServiceRuntime
import Testing
import TwitchChat

@testable import irc_gateway

@Suite struct JoinLimiterTests {
    let start = ContinuousClock.now

    @Test func `no window of its length ever holds more than the limit`() {
        var limiter = JoinLimiter(limit: 20, window: .seconds(11))
        var sent: [ContinuousClock.Instant] = []
        for tick in 0..<600 {
            let now = start + .milliseconds(250 * tick)
            sent += repeatElement(now, count: limiter.take(Int.random(in: 0...7), at: now))
        }
        #expect(sent.count > 200)
        for (index, first) in sent.enumerated() {
            let within = sent[index...].prefix { $0 - first < .seconds(11) }.count
            #expect(within <= 20)
        }
    }

    @Test func `the whole limit is there at once and comes back as it was spent`() {
        var limiter = JoinLimiter(limit: 20, window: .seconds(11))
        #expect(limiter.take(5, at: start) == 5)
        #expect(limiter.take(30, at: start + .seconds(3)) == 15)
        #expect(limiter.take(30, at: start + .seconds(10)) == 0)
        #expect(limiter.take(30, at: start + .seconds(11)) == 5)
        #expect(limiter.take(30, at: start + .seconds(14)) == 15)
    }

    @Test func `an account shares its permits and anonymous names do not`() {
        let office = JoinPermitOffice(limit: 3, window: .seconds(11))
        let account = Credentials.account(login: "harborlog", token: .init("x"))
        let first = office.permits(for: account)
        #expect(first === office.permits(for: account))
        #expect(
            office.permits(for: .anonymous(nick: "justinfan1")) !== office.permits(for: .anonymous(nick: "justinfan1"))
        )
        #expect(first.withLimiter { $0.take(5, at: start) } == 3)
    }

    @Test func `gateways that use one account divide its limit`() {
        let office = JoinPermitOffice(limit: 20, window: .seconds(11))
        let account = Credentials.account(login: "harborlog", token: .init("x"))
        let permits = office.permits(for: account)
        #expect(permits.withLimiter { $0.take(15, at: start) } == 15)
        office.divide(among: 2)
        #expect(permits.withLimiter { $0.take(30, at: start) } == 0, "what was sent counts")
        #expect(permits.withLimiter { $0.take(30, at: start + .seconds(11)) } == 10)
        #expect(office.permits(for: .anonymous(nick: "justinfan1")).withLimiter { $0.take(30, at: start) } == 20)
        office.divide(among: 100)
        #expect(permits.withLimiter { $0.take(30, at: start + .seconds(22)) } == 1)
    }

    @Test func `names are packed into lines of at most 500 bytes`() {
        let logins = (0..<90).map { "channel_with_long_name_\($0)" }
        let lines = JoinLines.make("JOIN", logins)
        #expect(lines.allSatisfy { $0.utf8.count <= 500 && $0.hasPrefix("JOIN #") })
        let names = lines.flatMap { $0.dropFirst(5).split(separator: ",").map { String($0.dropFirst()) } }
        #expect(names == logins)
        #expect(JoinLines.make("PART", ["a", "b"]) == ["PART #a,#b"])
        #expect(JoinLines.make("JOIN", []) == [])
    }
}
