import EventStore
import Protocol
import Testing

@Suite struct SupportTallyTests {
    private static func tally(_ notices: [(kind: String, parameters: [String: String])]) -> StreamSupport {
        var tally = SupportTally(room: "100")
        for (kind, parameters) in notices { tally.take(notice(kind)) { parameters } }
        return tally.support
    }

    private static func notice(_ kind: String, sourceKind: String? = nil, sourceRoom: String? = nil)
        -> SupportTally.Notice
    {
        SupportTally.Notice(
            kind: kind,
            sourceKind: sourceKind,
            sourceRoom: sourceRoom,
            at: Timestamp(rawValue: 0),
            userLogin: "mina",
            userName: "みな"
        )
    }

    @Test func `a wave of gifts counts once, as announced or as arrived, whichever is more`() {
        let announced = ("submysterygift", ["mass-gift-count": "20", "community-gift-id": "1"])
        let gift = ("subgift", ["community-gift-id": "1"])
        #expect(Self.tally([announced]).gifts == 20)
        #expect(Self.tally([announced] + Array(repeating: gift, count: 20)).gifts == 20)
        #expect(Self.tally(Array(repeating: gift, count: 3)).gifts == 3, "the announcement was missed")
        #expect(Self.tally([announced, gift, ("subgift", ["origin-id": "2"]), ("subgift", [:])]).gifts == 22)
        #expect(Self.tally([("submysterygift", ["mass-gift-count": "20"]), ("subgift", [:])]).gifts == 1)
    }

    @Test func `what happened in another room that shares its chat is not counted`() {
        var tally = SupportTally(room: "100")
        tally.take(Self.notice("sub", sourceRoom: "101")) { [:] }
        tally.take(Self.notice("sharedchatnotice", sourceKind: "resub", sourceRoom: "101")) { [:] }
        tally.take(Self.notice("sharedchatnotice", sourceKind: "resub")) { [:] }
        #expect(tally.support == StreamSupport())
        tally.take(Self.notice("sub", sourceRoom: "100")) { [:] }
        tally.take(Self.notice("sharedchatnotice", sourceKind: "resub", sourceRoom: "100")) { [:] }
        #expect(tally.support.subscriptions == 1 && tally.support.resubscriptions == 1)
    }

    @Test func `raids keep who came with how many, and unknown kinds are counted by name`() {
        let support = Self.tally([
            ("raid", ["displayName": "LoudLagoon", "login": "loudlagoon", "viewerCount": "430"]), ("raid", [:]),
            ("primepaidupgrade", [:]), ("somethingnew", [:]),
        ])
        #expect(support.raids.map(\.userName) == ["LoudLagoon", "みな"])
        #expect(support.raids.map(\.viewers) == [430, 0])
        #expect(support.upgrades == 1)
        #expect(support.notifications == ["raid": 2, "primepaidupgrade": 1, "somethingnew": 1])
    }
}
