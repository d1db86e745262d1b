import EventBus
import Protocol
import Testing

struct FollowerStateTests {
    private static func offset(_ sequence: UInt32, epoch: UInt32 = 1) -> Offset {
        Offset(epoch: epoch, sequence: sequence)
    }

    private func followed(
        _ start: [Int: Offset] = [0: .zero, 1: .zero],
        recovery: EventFollower.Configuration.Recovery = .fetch
    ) -> FollowerState {
        var state = FollowerState(partitions: [0, 1], recovery: recovery)
        #expect(state.hello(epoch: 1) == .new)
        state.start(after: start)
        return state
    }

    /// A state that has caught up with everything up to `head` in partition 0.
    private func live(at head: UInt32 = 10) -> FollowerState {
        var state = followed([0: Self.offset(head), 1: .zero])
        #expect(state.takeFetch(1) != nil)
        state.pageEnded(complete: true)
        #expect(state.mode == .live)
        return state
    }

    @Test func `nothing is delivered before the consumer has said where to begin`() {
        var state = FollowerState(partitions: [0], recovery: .fetch)
        #expect(state.live(partition: 0, previous: .zero, offset: Self.offset(1)) == .ignore)
        #expect(state.hello(epoch: 1) == .new)
        #expect(state.live(partition: 0, previous: .zero, offset: Self.offset(1)) == .ignore)
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(1)]) == .ignore)
        #expect(state.takeFetch(1) == nil)
    }

    @Test(
        arguments: [
            (10, 11, FollowerState.Verdict.deliver), (3, 11, .deliver), (9, 10, .duplicate), (1, 2, .duplicate),
            (11, 12, .gap), (20, 30, .gap),
        ] as [(UInt32, UInt32, FollowerState.Verdict)]
    )
    func `a live event is accepted exactly if it continues what was delivered`(
        previous: UInt32,
        offset: UInt32,
        verdict: FollowerState.Verdict
    ) {
        var state = live(at: 10)
        #expect(state.live(partition: 0, previous: Self.offset(previous), offset: Self.offset(offset)) == verdict)
        #expect(state.mode == (verdict == .gap ? .catchingUp(request: nil) : .live))
        #expect(state.cursors[0] == Self.offset(verdict == .deliver ? offset : 10))
    }

    @Test func `another selection of partitions counts from the next start on`() {
        var state = live()
        state.start(after: [1: Self.offset(3)], partitions: [1])
        #expect(state.takeFetch(2) == [1: Self.offset(3)])
        state.pageEnded(complete: true)
        #expect(state.live(partition: 0, previous: Self.offset(10), offset: Self.offset(11)) == .ignore)
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(50), 1: Self.offset(3)]) == .upToDate)
        #expect(state.live(partition: 1, previous: Self.offset(3), offset: Self.offset(4)) == .deliver)
        state.start(after: [:], partitions: [])
        #expect(state.takeFetch(3) == [:])
    }

    @Test func `partitions that are not followed neither deliver nor count as missing`() {
        var state = live()
        #expect(state.live(partition: 7, previous: Self.offset(5), offset: Self.offset(20)) == .ignore)
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(10), 7: Self.offset(20)]) == .upToDate)
        #expect(state.live(partition: 99, previous: .zero, offset: Self.offset(20)) == .ignore)
    }

    @Test func `a heartbeat ahead of what was delivered starts catching up`() {
        var state = live(at: 10)
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(10)]) == .upToDate)
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(11)]) == .gap)
        #expect(state.takeFetch(2) == [0: Self.offset(10), 1: .zero])
    }

    @Test func `while a fetch is in flight no second one is sent and live events wait`() {
        var state = followed()
        #expect(state.takeFetch(1) == [0: .zero, 1: .zero])
        #expect(state.takeFetch(2) == nil)
        #expect(state.live(partition: 0, previous: .zero, offset: Self.offset(1)) == .ignore)
        #expect(state.awaitsPage(1))
        #expect(!state.awaitsPage(2))
    }

    @Test func `pages are fetched until one is complete, then live events go on behind it`() {
        var state = followed()
        #expect(state.takeFetch(1) != nil)
        #expect(state.fetched(partition: 0, previous: .zero, offset: Self.offset(1)) == .deliver)
        state.pageEnded(complete: false)
        #expect(state.takeFetch(2) == [0: Self.offset(1), 1: .zero])
        #expect(state.fetched(partition: 0, previous: Self.offset(1), offset: Self.offset(3)) == .deliver)
        state.pageEnded(complete: true)
        #expect(state.live(partition: 0, previous: Self.offset(1), offset: Self.offset(3)) == .duplicate)
        #expect(state.live(partition: 0, previous: Self.offset(3), offset: Self.offset(4)) == .deliver)
    }

    @Test func `a reply from before a new start is stale`() {
        var state = followed()
        #expect(state.takeFetch(1) != nil)
        state.start(after: [0: Self.offset(5)])
        #expect(!state.awaitsPage(1))
        #expect(state.takeFetch(2) == [0: Self.offset(5), 1: .zero])
    }

    @Test func `a request without an answer is sent again, and its late reply is ignored`() {
        var state = followed()
        #expect(state.takeFetch(1) != nil)
        state.requestFailed(1)
        #expect(!state.awaitsPage(1))
        #expect(state.takeFetch(2) != nil)
        state.requestFailed(1)
        #expect(state.awaitsPage(2))
    }

    @Test func `a truncation is told once, and delivery goes on behind it`() {
        var state = followed([0: Self.offset(2), 1: .zero])
        #expect(state.takeFetch(1) != nil)
        let hole = FollowerState.Hole(partition: 0, after: Self.offset(2), through: Self.offset(8))
        #expect(state.truncated(hole) == hole)
        #expect(state.truncated(hole) == nil)
        #expect(state.fetched(partition: 0, previous: Self.offset(8), offset: Self.offset(9)) == .deliver)
    }

    @Test func `a partition that the consumer did not name begins at the oldest event without a loss`() {
        var state = followed([1: .zero])
        #expect(state.takeFetch(1) != nil)
        #expect(state.truncated(.init(partition: 0, after: .zero, through: Self.offset(8))) == nil)
        #expect(state.fetched(partition: 0, previous: Self.offset(8), offset: Self.offset(9)) == .deliver)
        let named = FollowerState.Hole(partition: 1, after: .zero, through: Self.offset(4))
        #expect(state.truncated(named) == named)
    }

    @Test func `a hole inside a page is never skipped silently`() {
        var state = followed()
        #expect(state.takeFetch(1) != nil)
        let hole = FollowerState.Hole(partition: 0, after: .zero, through: Self.offset(4))
        #expect(
            state.fetched(partition: 0, previous: Self.offset(4), offset: Self.offset(5)) == .deliverBehind(hole)
        )
    }

    @Test func `a restarted producer is met again before anything more is delivered`() {
        var state = live(at: 10)
        let first = Self.offset(1, epoch: 2)
        #expect(state.live(partition: 0, previous: Self.offset(10), offset: first) == .restarted)
        #expect(state.live(partition: 0, previous: Self.offset(10), offset: first) == .restarted)
        #expect(state.hello(epoch: 2) == .new)
        #expect(state.hello(epoch: 1) == .doubtful, "a reply of the old process")
        state.start(after: [0: Self.offset(10)])
        #expect(state.takeFetch(5) == [0: Self.offset(10), 1: .zero])
        #expect(state.fetched(partition: 0, previous: Self.offset(10), offset: first) == .deliver)
    }

    @Test func `a heartbeat of a later epoch asks for a HELLO, and what it claims changes nothing until then`() {
        var state = live()
        #expect(state.heartbeat(epoch: 2, heads: [:]) == .restarted)
        #expect(state.heartbeat(epoch: .max - 1, heads: [0: Self.offset(9, epoch: .max - 1)]) == .restarted)
        #expect(state.mode == .live)
        #expect(state.hello(epoch: 1) == .known, "it was forged")
        #expect(state.takeFetch(2) == [0: Self.offset(10), 1: .zero])
        state.pageEnded(complete: true)
        #expect(state.live(partition: 0, previous: Self.offset(10), offset: Self.offset(11)) == .deliver)
    }

    @Test func `an earlier epoch is believed when it is said twice, each time in answer to a new question`() {
        var state = live()
        #expect(state.hello(epoch: 900) == .new, "an impostor, while the producer was away")
        #expect(state.hello(epoch: 1) == .doubtful)
        #expect(state.hello(epoch: 900) == .known)
        #expect(state.hello(epoch: 1) == .doubtful)
        #expect(state.hello(epoch: 1) == .new)
        #expect(state.mode == .waitingForStart)
    }

    /// Each field of a page, one after the other.
    @Test func `a page that goes beyond its own heads, or they beyond the run, is not believed`() throws {
        var state = live()
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(12)]) == .gap)
        #expect(state.takeFetch(2) != nil)
        func isBelieved(
            heads: [Int: Offset] = [0: Self.offset(12)],
            through: Offset = Self.offset(12),
            after: Offset = Self.offset(10),
            event: Offset = Self.offset(12),
            previous: Offset = Self.offset(10),
            partition: Int = 0
        ) throws -> Bool {
            let truncation = FetchReply.Truncation(partition: partition, after: after, through: through)
            let page = FetchReply(request: 2, count: 1, truncated: [truncation], complete: true, heads: heads)
            let frame = EventFrame.encode(
                draft(alice, "x"),
                service: "irc-gateway",
                producer: "gw-1",
                partition: partition,
                offset: event,
                previous: previous
            )
            return state.isPlausible(page, headers: [try #require(FrameHeader(frame))])
        }
        #expect(try isBelieved())
        #expect(try !isBelieved(through: Self.offset(13)))
        #expect(try !isBelieved(through: Offset(epoch: .max - 1, sequence: 1)))
        #expect(try !isBelieved(after: Self.offset(13)))
        #expect(try !isBelieved(event: Self.offset(13)))
        #expect(try !isBelieved(previous: Self.offset(12)))
        #expect(try !isBelieved(partition: 1))
        #expect(try !isBelieved(partition: 77))
        #expect(try !isBelieved(heads: [0: Self.offset(12), 1: Self.offset(1, epoch: 2)]))
    }

    @Test func `a cursor beyond what the running journal has is an overrun, and delivery stands still`() {
        var state = followed([0: Self.offset(4_000_000_000), 1: Self.offset(3)])
        #expect(state.takeFetch(1) != nil)
        let heads = [0: Self.offset(10), 1: Self.offset(3)]
        let overrun = FollowerState.Overrun(partition: 0, cursor: Self.offset(4_000_000_000), head: Self.offset(10))
        #expect(state.overruns(heads: heads, epoch: 1) == [overrun])
        #expect(state.overruns(heads: heads, epoch: nil) == [], "nobody runs it: its next start has a greater epoch")
        state.stop(at: [overrun], keepsOffsets: true)
        #expect(state.mode == .waitingForStart)
        #expect(state.live(partition: 1, previous: Self.offset(3), offset: Self.offset(4)) == .ignore)
    }

    @Test func `a journal that was set back before this run is no overrun`() {
        var state = FollowerState(partitions: [0], recovery: .fetch)
        #expect(state.hello(epoch: 9) == .new)
        state.start(after: [0: Self.offset(50, epoch: 8)])
        #expect(state.takeFetch(1) != nil)
        #expect(state.overruns(heads: [0: Self.offset(10, epoch: 7)], epoch: 9) == [])
    }

    @Test func `heartbeats that stay behind the cursor make it ask the journal`() {
        var state = live(at: 10)
        #expect(state.live(partition: 0, previous: .zero, offset: Self.offset(4_000_000_000)) == .deliver, "forged")
        for _ in 0..<3 { #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(11)]) == .upToDate) }
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(11)]) == .gap)
        #expect(state.takeFetch(2) == [0: Self.offset(4_000_000_000), 1: .zero])
        #expect(state.overruns(heads: [0: Self.offset(11)], epoch: 1).count == 1)
    }

    @Test func `one that only reports goes on at the producer's heads`() {
        var state = followed([0: Self.offset(10)], recovery: .report)
        #expect(state.live(partition: 0, previous: .zero, offset: Self.offset(4_000_000_000)) == .deliver, "forged")
        for _ in 0..<4 { _ = state.heartbeat(epoch: 1, heads: [0: Self.offset(11)]) }
        #expect(state.live(partition: 0, previous: Self.offset(11), offset: Self.offset(12)) == .deliver)
    }

    @Test func `the same producer over another connection is asked again and not introduced twice`() {
        var state = live()
        #expect(state.hello(epoch: 1) == .known)
        #expect(state.mode == .catchingUp(request: nil))
    }

    @Test func `at the head only what is published later is delivered`() {
        var state = FollowerState(partitions: [0, 1], recovery: .fetch)
        #expect(state.hello(epoch: 1) == .new)
        state.startAtHead()
        #expect(state.takeHeadsRequest(1) == true)
        #expect(state.takeHeadsRequest(2) == false)
        #expect(state.heads([0: Self.offset(3)], request: 7) == false)
        #expect(state.heads([0: Self.offset(3)], request: 1) == true)
        #expect(state.live(partition: 0, previous: Self.offset(2), offset: Self.offset(3)) == .duplicate)
        #expect(state.live(partition: 0, previous: Self.offset(3), offset: Self.offset(4)) == .deliver)
        #expect(state.live(partition: 1, previous: .zero, offset: Self.offset(5)) == .deliver)
    }

    @Test func `at the head after a restart goes on behind what was delivered`() {
        var state = live(at: 10)
        #expect(state.heartbeat(epoch: 2, heads: [:]) == .restarted)
        #expect(state.hello(epoch: 2) == .new)
        state.startAtHead()
        #expect(state.takeFetch(3) == [0: Self.offset(10), 1: .zero])
    }

    @Test func `a follower that only reports never fetches and tells each hole once`() {
        var state = followed([0: Self.offset(10)], recovery: .report)
        #expect(state.takeFetch(1) == nil)
        let hole = FollowerState.Hole(partition: 0, after: Self.offset(10), through: Self.offset(12))
        #expect(
            state.live(partition: 0, previous: Self.offset(12), offset: Self.offset(13)) == .deliverBehind(hole)
        )
        let tail = FollowerState.Hole(partition: 0, after: Self.offset(13), through: Self.offset(15))
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(15)]) == .missed([tail]))
        #expect(state.heartbeat(epoch: 1, heads: [0: Self.offset(15)]) == .upToDate)
        #expect(state.live(partition: 0, previous: Self.offset(14), offset: Self.offset(15)) == .duplicate)
    }
}
