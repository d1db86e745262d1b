import Foundation
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(10)))
struct PollerTests {
    @Test func `a wake-up ends the wait of another thread, once`() async throws {
        let wakeUp = try WakeUp()
        Thread.detachNewThread { wakeUp.signal() }
        var poller = Poller()
        let place = poller.add(wakeUp)
        #expect(try poller.wait(nil) == 1)
        #expect(poller.isReadable(place))
        wakeUp.reset()
        poller.removeAll()
        _ = poller.add(wakeUp)
        #expect(try poller.wait(.zero) == 0)
    }

    @Test func `signals before the wait are not lost`() throws {
        let wakeUp = try WakeUp()
        wakeUp.signal()
        wakeUp.signal()
        try wakeUp.wait(nil)
    }

    @Test func `only sockets with something to read are readable`() throws {
        let context = try Context()
        let router = try Socket(.router, in: context)
        let idle = try Socket(.router, in: context)
        let endpoint = try router.bind("tcp://127.0.0.1:*")
        try idle.bind("tcp://127.0.0.1:*")
        let dealer = try Socket(.dealer, in: context)
        try dealer.connect(endpoint)
        try dealer.send([1])
        var poller = Poller()
        let places = (poller.add(idle), poller.add(router.pollTarget))
        #expect(try poller.wait(.seconds(10)) == 1)
        #expect(!poller.isReadable(places.0))
        #expect(poller.isReadable(places.1))
    }
}
