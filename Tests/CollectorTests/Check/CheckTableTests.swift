import Foundation
import Protocol
import ServiceRuntime
import Testing

@testable import collector

@Suite struct CheckTableTests {
    private let now = Timestamp(milliseconds: 1_763_805_600_000)

    private func live(_ login: String, _ viewers: Int, _ category: String, _ title: String, minutes: Int64)
        -> CheckReport.Channel
    {
        .init(
            listedAs: login,
            userID: "1",
            login: login,
            name: login,
            state: .live(
                .init(
                    streamID: "41",
                    title: title,
                    category: category,
                    language: "en",
                    viewers: viewers,
                    startedAt: Timestamp(milliseconds: now.rawValue - minutes * 60_000)
                )
            )
        )
    }

    private var report: CheckReport {
        CheckReport(
            source: .twitch,
            now: now,
            channels: [
                live(
                    "quietharbor",
                    1234,
                    "Just Chatting",
                    "Slow morning, coffee and then some more coffee",
                    minutes: 125
                ),
                live("山", 7, "ゼルダの伝説 ティアーズ オブ ザ キングダム", "朝から晩まで遊ぶ配信です、よろしくお願いします！", minutes: 9),
                live("a_name_of_twenty_five_chr", 98_765, "Chess", "e\u{0301}\u{1B}[31m no colours", minutes: 6000),
            ] + (1...12).map { .init(listedAs: "offline_channel_\($0)", state: .offline) } + [
                .init(listedAs: "typo", state: .unknown), .init(listedAs: "lost", state: .unanswered),
            ]
        )
    }

    @Test(arguments: [40, 80, 120, 200])
    func `no line is wider than the terminal, whatever the script`(width: Int) {
        let text = CheckTable(style: Style(isColoured: false), width: width).text(report)
        for line in text.split(separator: "\n") { #expect(TextWidth.of(line) < width, "\(line)") }
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `the columns stand under one another, the most watched first`() throws {
        let text = CheckTable(style: Style(isColoured: false), width: 80).text(report)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[1].hasPrefix("● a_name_of_twenty_…  98,765") || lines[1].hasPrefix("● a_name_of_twenty_"))
        #expect(lines[2].hasPrefix("● quietharbor"))
        #expect(lines[3].hasPrefix("● 山"))
        func column(_ line: String, _ word: String) throws -> Int {
            TextWidth.of(line[..<(try #require(line.range(of: word)).lowerBound)])
        }
        #expect(try column(lines[2], "Just Chatting") == column(lines[0], "CATEGORY"))
        #expect(try column(lines[3], "ゼルダ") == column(lines[0], "CATEGORY"))
        #expect(try column(lines[2], "Slow") == column(lines[0], "TITLE"))
        #expect(try column(lines[3], "朝から") == column(lines[0], "TITLE"))
        #expect(lines[2].contains("1,234") && lines[2].contains("2h 05m"))
    }

    @Test func `who is not live is named, and the last line says how many and whence`() {
        let text = CheckTable(style: Style(isColoured: false), width: 80).text(report)
        #expect(text.contains("offline    offline_channel_1, offline_channel_2"))
        #expect(text.contains("unknown    typo\n"))
        #expect(text.contains("no answer  lost\n"))
        #expect(text.contains("3 of 17 live · 1 not known to Twitch · 1 without an answer"))
    }

    @Test func `many names leave the screen to what is live, unless all are wanted`() {
        var report = report
        report.channels = (1...200).map { .init(listedAs: "channel_\($0)", state: .offline) }
        var table = CheckTable(style: Style(isColoured: false), width: 80)
        let short = table.text(report)
        #expect(short.split(separator: "\n").count == 5)
        #expect(short.contains("more; --all names them"))
        table.namesAll = true
        let long = table.text(report)
        for number in 1...200 { #expect(long.contains("channel_\(number)")) }
    }

    @Test func `with room there is the time of day`() {
        let text = CheckTable(style: Style(isColoured: false), width: 120).text(report)
        #expect(text.contains("07:55Z  2h 05m"))
    }

    @Test func `the poller's answer says how old it is`() {
        var report = report
        report.source = .poller(askedAt: Timestamp(milliseconds: now.rawValue - 12_000))
        let text = CheckTable(style: Style(isColoured: false), width: 120).text(report)
        #expect(text.contains("from the running stream-poller, 12.0 s ago"))
    }

    @Test func `programs get the keys of the bus`() throws {
        let text = try CheckJSON(report).text()
        for part in [
            #""asked_at" : "2025-11-22T10:00:00.000Z""#, #""live" : 3"#, #""listed_as" : "typo""#,
            #""state" : "unknown""#,
            #""category_name" : "Chess""#, #""viewer_count" : 98765"#, #""started_at" : "2025-11-22T07:55:00.000Z""#,
        ] { #expect(text.contains(part), "\(part)") }
    }
}

@Suite struct PollerAnswerTests {
    private let now = Timestamp(milliseconds: 1_763_805_600_000)

    private var answer: PollerAnswer {
        PollerAnswer(
            streams: StreamsState(streams: [], polledAt: Timestamp(milliseconds: now.rawValue - 100_000)),
            channels: ChannelsState(
                channels: [.init(listedAs: "ash", userID: "1", userLogin: "birch", userName: "Birch")],
                unknown: ["typo"]
            )
        )
    }

    @Test func `an answer is fresh for two intervals and half a minute`() {
        #expect(answer.isFresh(.seconds(60), now: now))
        #expect(!answer.isFresh(.seconds(30), now: now))
    }

    @Test func `it covers what the poller watches, unknown ones included`() {
        #expect(answer.covers(ChannelList(logins: ["ash", "typo"])))
        #expect(!answer.covers(ChannelList(logins: ["ash", "elm"])))
    }

    @Test func `a renamed channel has its new login`() {
        let report = answer.report(ChannelList(logins: ["ash", "typo", "elm"]), now: now)
        #expect(report.channels.map(\.title) == ["birch", "typo", "elm"])
        #expect(report.channels.map(\.state) == [.offline, .unknown, .unanswered])
    }
}
