import Testing

@testable import irc_gateway

@Suite struct ChannelJoinsTests {
    let start = ContinuousClock.now
    var permits = JoinLimiter(limit: 1000, window: .seconds(1))
    var joins = ChannelJoins()

    init() {
        joins.want("alpha", at: start)
    }

    mutating func due(_ seconds: Int) -> [String] {
        joins.due(at: start + .seconds(seconds), permits: &permits)
    }

    /// Sends JOIN and lets the answer fail; returns what became of it.
    mutating func joinInVain(_ second: Int) -> [ChannelJoins.Change] {
        #expect(due(second) == ["alpha"])
        return joins.expire(at: start + .seconds(second + 10)).map(\.change)
    }

    @Test mutating func `a full ROOMSTATE means joined, a partial one nothing`() {
        #expect(due(0) == ["alpha"])
        #expect(due(1) == [], "one JOIN is enough while its answer may come")
        #expect(joins.roomState("alpha", isFull: false, at: start) == nil)
        #expect(joins.undecided == ["alpha"])
        #expect(joins.roomState("alpha", isFull: true, at: start) == .joined)
        #expect(joins.roomState("alpha", isFull: true, at: start) == nil, "joined once")
        #expect(joins.joined == ["alpha"] && joins.joinedCount == 1 && joins.undecided.isEmpty)
    }

    @Test mutating func `a channel that is not wanted is never joined`() {
        #expect(joins.roomState("beta", isFull: true, at: start) == nil)
        #expect(joins.parted("beta", at: start) == nil)
        #expect(joins.notice("beta", id: "tos_ban", at: start) == nil)
        #expect(joins.joinedCount == 0)
    }

    @Test mutating func `permits decide how many JOINs go out, oldest wish first`() {
        for index in 0..<30 { joins.want("c\(index)", at: start + .milliseconds(index + 1)) }
        var limiter = JoinLimiter(limit: 20, window: .seconds(11))
        let first = joins.due(at: start + .seconds(1), permits: &limiter)
        #expect(first.count == 20 && first.first == "alpha" && first[1] == "c0")
        #expect(joins.due(at: start + .seconds(5), permits: &limiter) == [])
        #expect(joins.due(at: start + .seconds(12), permits: &limiter).count == 11)
    }

    @Test mutating func `silence is asked about again and becomes a refusal the third time`() {
        #expect(joinInVain(0) == [])
        #expect(due(11) == [], "a pause of 2 s")
        #expect(joinInVain(12) == [])
        #expect(due(25) == [], "a pause of 4 s")
        #expect(joinInVain(26) == [.refused(.noAnswer)])
        #expect(joins.refusals == ["alpha": .noAnswer] && joins.undecided.isEmpty)
        #expect(due(95) == [], "then a minute")
        #expect(joinInVain(96) == [], "a refusal that goes on is no news")
        #expect(joins.undecided.isEmpty)
        #expect(due(225) == [], "then two")
        #expect(due(226) == ["alpha"])
    }

    @Test mutating func `a channel that answers late is joined after all`() {
        for second in [0, 12, 26] { _ = joinInVain(second) }
        #expect(due(96) == ["alpha"])
        #expect(joins.roomState("alpha", isFull: true, at: start + .seconds(97)) == .joined)
        #expect(joins.refusals.isEmpty && joins.joinedCount == 1)
    }

    @Test(arguments: [
        ("msg_channel_suspended", JoinRefusal.suspended, 3600), ("tos_ban", .termsOfService, 3600),
        ("msg_banned", .banned, 3600), ("msg_concurrent_channel_limit_reached", .channelLimit, 300),
    ])
    mutating func `notices refuse and are asked about again much later`(id: String, refusal: JoinRefusal, pause: Int) {
        #expect(due(0) == ["alpha"])
        #expect(joins.notice("alpha", id: id, at: start + .seconds(1)) == .refused(refusal))
        #expect(joins.undecided.isEmpty && joins.refusals == ["alpha": refusal])
        #expect(due(pause) == [])
        #expect(due(1 + pause) == ["alpha"])
        #expect(joins.undecided.isEmpty, "refused until the answer says otherwise")
        #expect(joins.notice("alpha", id: id, at: start + .seconds(2 + pause)) == nil, "no news")
    }

    @Test mutating func `other notices change nothing`() {
        _ = due(0)
        #expect(joins.notice("alpha", id: "slow_on", at: start) == nil)
        #expect(joins.undecided == ["alpha"])
    }

    @Test mutating func `being thrown out ends the session and is followed by a JOIN`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        #expect(joins.parted("alpha", at: start + .seconds(5)) == .left(.parted))
        #expect(joins.joinedCount == 0 && joins.undecided == ["alpha"])
        #expect(due(8) == [])
        #expect(due(9) == ["alpha"])
        #expect(joins.roomState("alpha", isFull: true, at: start + .seconds(10)) == .joined)
        _ = joins.parted("alpha", at: start + .seconds(11))
        #expect(due(18) == [], "the second time in a row takes longer")
        #expect(due(19) == ["alpha"])
        #expect(joins.parted("alpha", at: start + .seconds(20)) == nil, "it was not in")
    }

    @Test mutating func `a joined channel that is suspended is left, one that we are banned from is not`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        #expect(joins.notice("alpha", id: "msg_banned", at: start) == nil)
        #expect(joins.isJoined("alpha"))
        #expect(joins.notice("alpha", id: "msg_channel_suspended", at: start) == .left(.suspended))
        #expect(joins.joinedCount == 0 && joins.refusals == ["alpha": .suspended])
    }

    @Test mutating func `joined channels are joined again each hour and stay joined`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        #expect(due(3599) == [])
        #expect(due(3600) == ["alpha"])
        #expect(joins.isJoined("alpha"))
        #expect(joins.expire(at: start + .seconds(3700)).isEmpty, "JOIN of a joined channel needs no answer")
        #expect(due(7199) == [])
        #expect(due(7200) == ["alpha"])
    }

    // MARK: What others know

    /// The poller shows alpha as live, with news since this second.
    mutating func see(_ second: Int, live: Bool = true, news: Int? = nil, heard: Int? = nil, missed: Bool = false) {
        let sign = LiveChannels.Sign(
            newsAt: news.map { start + .seconds($0) },
            heardAt: live ? start + .seconds(heard ?? second) : nil,
            isMissed: missed
        )
        joins.saw(sign, of: "alpha", at: start + .seconds(second))
    }

    @Test(arguments: ["msg_channel_suspended", "tos_ban", "msg_banned", "msg_concurrent_channel_limit_reached"])
    mutating func `a refused channel that begins to be live is joined within seconds`(id: String) {
        _ = due(0)
        _ = joins.notice("alpha", id: id, at: start + .seconds(1))
        #expect(due(100) == [])
        see(100, news: 100)
        #expect(due(100) == ["alpha"])
        #expect(joins.roomState("alpha", isFull: true, at: start + .seconds(101)) == .joined)
    }

    @Test mutating func `a channel that goes on being refused while it is live is asked ever more seldom`() {
        var sent: [Int] = []
        see(0, news: 0)
        for second in 0..<3600 {
            if second % 5 == 0 { see(second, news: 0) }
            if due(second) == ["alpha"] {
                sent.append(second)
                _ = joins.notice("alpha", id: "msg_channel_suspended", at: start + .seconds(second))
            }
        }
        #expect(sent.prefix(4) == [0, 30, 90, 210], "the first repetition within a minute")
        #expect(sent.count < 12 && zip(sent, sent.dropFirst()).allSatisfy { $1 - $0 <= 600 })
    }

    @Test mutating func `news again and again do not become a JOIN again and again`() {
        var sent = 0
        for second in 0..<600 {
            see(second, news: second)
            if due(second) == ["alpha"] {
                sent += 1
                _ = joins.notice("alpha", id: "msg_channel_suspended", at: start + .seconds(second))
            }
        }
        #expect(sent <= 121, "one in five seconds at most")
    }

    @Test mutating func `news of a channel that is not live count once`() {
        _ = due(0)
        _ = joins.notice("alpha", id: "msg_channel_suspended", at: start)
        see(60, live: false, news: 60)
        #expect(due(60) == ["alpha"])
        _ = joins.notice("alpha", id: "msg_channel_suspended", at: start + .seconds(61))
        see(65, live: false, news: 60)
        #expect(due(3600) == [] && due(3661) == ["alpha"])
    }

    @Test mutating func `silence that became a refusal, and a channel that drops us, end early too`() {
        for second in [0, 12, 26] { _ = joinInVain(second) }
        see(40, news: 40)
        #expect(due(41) == ["alpha"])
        _ = joins.roomState("alpha", isFull: true, at: start + .seconds(42))
        for round in 0..<6 { _ = joins.parted("alpha", at: start + .seconds(50 + round)) }
        #expect(due(100) == [], "dropped ever more often")
        see(100, news: 100)
        #expect(due(100) == ["alpha"])
    }

    @Test mutating func `a live channel that is silent is joined again to see, ever more seldom`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        var sent: [Int] = []
        for second in stride(from: 5, through: 3000, by: 5) {
            see(second, heard: 0)
            if due(second) == ["alpha"] { sent.append(second) }
        }
        #expect(sent == [60, 120, 240, 480, 960, 1920])
        #expect(joins.isJoined("alpha"))
        for second in stride(from: 3005, through: 3060, by: 5) {
            see(second, heard: 3000)
            #expect(due(second) == (second == 3060 ? ["alpha"] : []), "heard in between: a new silence")
        }
    }

    @Test mutating func `a channel whose lines come back with the JOIN was lost since it fell silent`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        see(160, heard: 100, missed: true)
        #expect(due(160) == ["alpha"])
        #expect(joins.roomState("alpha", isFull: true, at: start + .seconds(161)) == nil)
        let found = joins.heard(["alpha", "beta"], at: start + .seconds(162))
        #expect(found.map(\.login) == ["alpha"])
        #expect(found.first?.last == start + .seconds(100) && found.first?.again == start + .seconds(161))
        #expect(joins.heard(["alpha"], at: start + .seconds(163)).isEmpty, "it is told once")
    }

    @Test mutating func `a channel that was only silent keeps its session`() {
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        see(160, heard: 100, missed: true)
        #expect(joins.heard(["alpha"], at: start + .seconds(161)).isEmpty, "it speaks before it is joined again")
        see(260, heard: 200, missed: true)
        _ = due(260)
        _ = joins.roomState("alpha", isFull: true, at: start + .seconds(261))
        #expect(joins.heard(["alpha"], at: start + .seconds(400)).isEmpty, "it speaks long behind the answer")
        see(560, heard: 500, missed: false)
        _ = due(560)
        _ = joins.roomState("alpha", isFull: true, at: start + .seconds(561))
        #expect(joins.heard(["alpha"], at: start + .seconds(562)).isEmpty, "it never said much")
    }

    @Test mutating func `removing tells whether PART is needed`() {
        joins.want("beta", at: start)
        joins.want("gamma", at: start)
        _ = due(0)
        _ = joins.roomState("alpha", isFull: true, at: start)
        joins.want("delta", at: start)
        let partsJoined = joins.unwant("alpha")
        let partsJoining = joins.unwant("beta")
        let partsWanted = joins.unwant("delta")
        #expect(partsJoined && partsJoining && !partsWanted)
        #expect(joins.joinedCount == 0 && joins.wantedCount == 1 && joins.logins == ["gamma"])
    }
}
