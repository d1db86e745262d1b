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
}
