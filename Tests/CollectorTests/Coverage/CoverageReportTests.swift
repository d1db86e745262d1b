import EventStore
import Protocol
import Testing

@testable import collector

@Suite struct CoverageReportTests {
    private static let start = Timestamp(rawValue: 1_795_341_600_000)

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: start.rawValue + seconds * 1000) }

    private static func session(_ from: Int64, _ through: Int64, _ reason: String) -> RecordedSession {
        RecordedSession(
            gateway: "gw-a",
            startedAt: at(from),
            stoppedAt: at(through),
            stopReason: reason,
            lastHeardAt: nil
        )
    }

    private static func channel(
        _ sessions: [RecordedSession],
        login: String = "quietharbor",
        backfills: [RecordedBackfill] = [],
        losses: [JournalLoss] = []
    ) -> ChannelCoverage {
        let channel = ArchivedChannel(login: login, userIDs: ["100"], logins: ["quietharbor"])
        return ChannelCoverage(
            channel,
            recorded: sessions,
            backfills: backfills,
            losses: losses,
            from: start,
            through: at(86_400)
        )
    }

    private static let holey = channel(
        [
            session(-600, -60, "shutdown"), session(0, 3600, "connection_lost"),
            RecordedSession(
                gateway: "gw-a",
                startedAt: nil,
                stoppedAt: at(3605),
                stopReason: "refused_suspended",
                lastHeardAt: nil
            ),
            session(5400, 7200, "crashed"), session(7202, 90_000, "shutdown"),
        ],
        losses: [
            JournalLoss(
                Gap(
                    producer: "gw-7f3a",
                    partition: 16,
                    after: Offset(epoch: 95_341_600, sequence: 1),
                    through: Offset(epoch: 95_341_600, sequence: 1205),
                    detectedAt: at(9000)
                ),
                before: at(8000),
                behind: nil
            )
        ]
    )

    @Test func `a report tells the share, each hole with its causes, and what a journal lost`() {
        #expect(
            CoverageReport(style: Style(isColoured: false), width: 120).text(Self.holey) == """
                #quietharbor  2026-11-22 10:00:00 to 2026-11-23 10:00:00 UTC
                  Listened    97.9 % · 23 h 29 min of 1 d
                  Holes       2 · 30 min 2 s together
                    2026-11-22 11:00:00 to 11:30:00  30 min  the connection was lost; JOIN refused: the channel is suspended or deleted
                    2026-11-22 12:00:00 to 12:00:02  2.0 s  the gateway ended without notice
                  Lost        up to 1,204 events between 2026-11-22 12:13:20 and 2026-11-22 12:30:00, of all channels of partition 16: the journal of gw-7f3a had them no more

                """
        )
    }

    @Test func `holes that a history service told of are marked, and the share with them is told`() {
        let channel = Self.channel(
            [
                Self.session(0, 3600, "crashed"), Self.session(7200, 10_000, "crashed"),
                Self.session(10_010, 90_000, "x"),
            ],
            backfills: [
                RecordedBackfill(from: Self.at(3600), through: Self.at(7200), isComplete: true),
                RecordedBackfill(from: Self.at(10_000), through: Self.at(10_010), isComplete: false),
            ]
        )
        let text = CoverageReport(style: Style(isColoured: false), width: 120).text(channel)
        #expect(text.contains("Listened    95.8 %"))
        #expect(text.contains("Backfilled  1 of 2 holes · 99.9 % with them"))
        #expect(text.contains("1 h  the gateway ended without notice; backfilled\n"))
        #expect(text.contains("10 s  the gateway ended without notice; backfilled in part\n"))
    }

    @Test func `without holes it says so`() {
        let text = CoverageReport(style: Style(isColoured: false), width: 80)
            .text(Self.channel([Self.session(-1, 90_000, "shutdown")]))
        #expect(text.contains("Listened    100 % · 1 d of 1 d\n  Holes       none\n"))
    }

    @Test func `of very many holes the longest are listed, and how many more there are`() {
        let sessions = (0..<60).map { number in
            Self.session(Int64(number) * 1000, Int64(number) * 1000 + 990 - Int64(number), "crashed")
        }
        let text = CoverageReport(style: Style(isColoured: false), width: 100).text(Self.channel(sessions))
        #expect(text.split(separator: "\n").count == 3 + 40 + 1)
        #expect(text.contains("and 20 shorter ones, 6 min 30 s; --json lists all"))
    }

    @Test func `what comes from the database cannot steer the terminal`() {
        let channel = Self.channel([Self.session(0, 60, "\u{1B}[31m")], login: "quiet\u{1B}[2J")
        #expect(!CoverageReport(style: Style(isColoured: false), width: 80).text(channel).contains("\u{1B}"))
    }

    @Test func `of all channels those that were heard least come first, in columns`() throws {
        let channels = [
            Self.channel([Self.session(-1, 90_000, "shutdown")], login: "loudharbor"), Self.holey,
            Self.channel([], login: "nobody"),
        ]
        let range = try CoverageRange(from: .moment(Self.start), to: .moment(Self.at(86_400)), now: Self.at(90_000))
        #expect(
            CoverageTable(style: Style(isColoured: false)).text(channels, range) == """
                2026-11-22 10:00:00 to 2026-11-23 10:00:00 UTC
                channel                listened  holes        longest  lost
                #nobody                   0.0 %      1            1 d
                #quietharbor             97.9 %      2         30 min  up to 1,204
                #loudharbor               100 %      0              –
                --channel LOGIN lists the holes with their causes.

                """
        )
    }

    @Test func `JSON has each hole, with the words of the database`() throws {
        let range = try CoverageRange(from: .moment(Self.start), to: .moment(Self.at(86_400)), now: Self.at(90_000))
        let text = try CoverageJSON.text([Self.holey], range)
        #expect(text.contains(#""channel" : "quietharbor""#) && text.contains(#""is_at_least" : false"#))
        #expect(text.contains(#""to" : "2026-11-22T11:30:00.000Z""#) && text.contains(#""at_most" : 1204"#))
        #expect(text.contains(#""connection_lost","#) && text.contains(#""missed_seconds" : 1802"#))
    }
}
