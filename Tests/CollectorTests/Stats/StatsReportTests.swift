import EventStore
import Protocol
import Testing

@testable import collector

@Suite struct StatsReportTests {
    private static let start = Timestamp(rawValue: 1_795_341_600_000)

    private static func at(_ minutes: Int) -> Timestamp {
        Timestamp(rawValue: start.rawValue + Int64(minutes) * 60_000)
    }

    /// A stream with long and wide names everywhere.
    private static func statistics(isLive: Bool = false) -> StreamStatistics {
        var support = StreamSupport()
        support.gifts = 1
        support.raids = [.init(at: at(5), userLogin: "loud", userName: "大きな港の放送局", viewers: 1)]
        return StreamStatistics(
            stream: .init(
                id: "40000000001",
                userID: "100",
                userLogin: "quietharbor",
                userName: "静かな港",
                title: String(repeating: "夜の港で語り合う放送 ", count: 12),
                categoryName: "雑談\u{1B}[31m",
                language: "ja",
                startedAt: start,
                endedAt: isLive ? nil : at(90),
                endedAtBasis: isLive ? nil : "inferred",
                lastSeenAt: at(90)
            ),
            isLive: isLive,
            until: at(90),
            durationSeconds: 5400,
            viewers: .init(latest: 8, peak: 1234, average: 99.6, samples: 90),
            messages: .init(
                total: 12_345,
                fromSharedChat: 45,
                uniqueChatters: 1,
                buckets: (0..<91).map { $0 == 60 ? 999 : $0 },
                bucketSeconds: 60
            ),
            topChatters: [
                .init(userID: "1", userLogin: "nekodaisuki", userName: "とても長い名前の猫が大好きな視聴者", messages: 10_000),
                .init(userID: "2", userLogin: "mina", userName: "Mina", messages: 3),
            ],
            deletions: .init(messages: 2, users: 1),
            bans: .init(events: 3, users: 2, permanent: 1, timeouts: 2),
            chatClears: 0,
            support: support,
            changes: [
                .init(at: start, title: "夜", categoryName: "雑談"),
                .init(at: at(30), title: String(repeating: "長い題名", count: 30), categoryName: "Chess"),
            ],
            coverage: Coverage(
                spans: [Coverage.Span(from: start, through: at(60), end: Coverage.Cause(rawValue: "crashed"))],
                from: start,
                through: at(90)
            )
        )
    }

    @Test(arguments: [60, 80, 120])
    func `no line is wider than the terminal, also with wide names`(_ width: Int) {
        for statistics in [Self.statistics(), Self.statistics(isLive: true)] {
            for text in [
                StatsReport(style: Style(isColoured: true), width: width).text(statistics),
                width < 80 ? "" : StatsTable(style: Style(isColoured: true), width: width).text([statistics]),
            ] {
                for line in Style.plain(text).split(separator: "\n") {
                    #expect(TextWidth.of(line) < width, "\(line)")
                    #expect(!line.contains("\u{1B}"))
                }
            }
        }
    }

    @Test func `figures of the same column stand below each other, also behind wide names`() throws {
        let lines = StatsReport(style: Style(isColoured: false), width: 80).text(Self.statistics())
            .split(separator: "\n")
        let ends = try ["10,000", "Mina "].map { part in
            let line = try #require(lines.first { $0.contains(part) })
            let percent = try #require(line.lastIndex(of: "%"))
            return TextWidth.of(line[..<percent])
        }
        #expect(ends[0] == ends[1])
    }

    @Test func `people and rows are both told, and one is one`() {
        let text = StatsReport(style: Style(isColoured: false), width: 120).text(Self.statistics())
        #expect(text.contains("2 deleted messages of 1 person · 2 banned users · 1 ban · 2 timeouts"))
        #expect(text.contains("1 gifted sub ·"))
        #expect(text.contains("66.7 % · 1 hole · 30 min from 11:00:00"))
        #expect(text.contains("2026-11-22 11:30:00 UTC (inferred)"))
        #expect(text.contains("busiest minute 999 at 11:00:00"))
        #expect(text.contains("45 from shared chat"))
    }

    @Test func `colours are for terminals only`() {
        #expect(!StatsReport(style: Style(isColoured: false), width: 80).text(Self.statistics()).contains("\u{1B}"))
    }

    @Test func `as JSON one stream is an object and a channel's are an array, with keys in snake case`() throws {
        let one = try StatsJSON.text([Self.statistics()], isList: false)
        #expect(one.hasPrefix("{") && one.contains("\"unique_chatters\" : 1"))
        #expect(one.contains("\"started_at\" : \"2026-11-22T10:00:00.000Z\""))
        #expect(try StatsJSON.text([Self.statistics()], isList: true).hasPrefix("["))
    }
}
