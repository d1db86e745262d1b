import Testing

@testable import irc_gateway

struct LiveChannelsTests {
    private let start = ContinuousClock.now

    @Test func `a live channel that says nothing for long is silent until it is heard`() {
        let channels = LiveChannels()
        channels.areLive(["quietharbor", "busyport"], at: start)
        channels.heard(["busyport", "elsewhere"], at: start + .seconds(600))
        #expect(channels.look(at: start + .seconds(899)).silent == [])
        let look = channels.look(at: start + .seconds(901))
        #expect(look.live == 2 && look.silent == ["quietharbor"])
        channels.heard(["quietharbor"], at: start + .seconds(902))
        #expect(channels.look(at: start + .seconds(903)).silent == [])
    }

    @Test func `to be told again that it is live does not make it heard, and an end is forgotten`() {
        let channels = LiveChannels()
        channels.areLive(["quietharbor"], at: start)
        channels.areLive(["quietharbor"], at: start + .seconds(890))
        #expect(channels.look(at: start + .seconds(900)).silent == ["quietharbor"])
        channels.areLive([], at: start + .seconds(901))
        #expect(channels.look(at: start + .seconds(902)).live == 0)
        channels.areLive(["quietharbor"], at: start + .seconds(903))
        #expect(channels.look(at: start + .seconds(904)).silent == [])
    }

    private func sign(_ channels: LiveChannels, _ login: String, at second: Int) -> LiveChannels.Sign? {
        var version = -1
        return channels.signs(of: { [login] }, since: &version, at: start + .seconds(second))[login]
    }

    @Test func `who begins to be live is news, who is told of again after a moment is none`() {
        let channels = LiveChannels()
        #expect(sign(channels, "quietharbor", at: 0) == nil)
        channels.areLive(["quietharbor"], at: start + .seconds(10))
        #expect(sign(channels, "quietharbor", at: 10)?.newsAt == start + .seconds(10))
        // The poller did not answer in time.
        channels.areLive([], at: start + .seconds(20))
        channels.areLive(["quietharbor"], at: start + .seconds(25))
        #expect(sign(channels, "quietharbor", at: 25)?.newsAt == start + .seconds(10))
        channels.areLive([], at: start + .seconds(30))
        channels.areLive([], at: start + .seconds(95))
        channels.areLive(["quietharbor"], at: start + .seconds(100))
        #expect(sign(channels, "quietharbor", at: 100)?.newsAt == start + .seconds(100))
        channels.appeared(["sunken_pier"], at: start + .seconds(101))
        #expect(sign(channels, "sunken_pier", at: 101) == .init(newsAt: start + .seconds(101)))
    }

    @Test func `what was taken in is not told again`() {
        let channels = LiveChannels()
        channels.areLive(["quietharbor"], at: start)
        var version = 0
        #expect(channels.signs(of: { ["quietharbor"] }, since: &version, at: start).count == 1)
        #expect(channels.signs(of: { ["quietharbor"] }, since: &version, at: start).isEmpty)
    }

    @Test func `only a channel that was lively is missed`() {
        let channels = LiveChannels()
        channels.areLive(["busyport", "quietharbor"], at: start)
        for second in 0..<300 { channels.heard(["busyport"], at: start + .seconds(second)) }
        for second in stride(from: 0, to: 300, by: 60) { channels.heard(["quietharbor"], at: start + .seconds(second)) }
        #expect(sign(channels, "busyport", at: 310)?.isMissed == false)
        #expect(sign(channels, "busyport", at: 360)?.isMissed == true)
        #expect(sign(channels, "quietharbor", at: 420)?.isMissed == false)
    }
}
