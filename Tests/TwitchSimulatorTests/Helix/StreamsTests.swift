import TestSupport
import Testing

@testable import twitch_simulator

@Suite struct StreamsTests {
    @Test func `a stream is told whole, and offline channels are absent`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            let more =
                #","title":"T 1","category":"Deep Signal","viewers":41,"language":"de","tags":["a b"],"#
                + #""started_at":"2026-07-01T18:00:00Z""#
            let started = try await running.goLive("quietharbor", more)
            let answer = try await app.get("streams?user_login=quietharbor&user_login=loudlagoon&first=100")
            let item = try #require(answer.data.first)
            #expect(answer.data.count == 1 && answer.pagination != nil && answer.pagination?.cursor == nil)
            #expect(item.id == started.id && item.userId == Login.userID(of: "quietharbor"))
            #expect(item.userLogin == "quietharbor" && item.userName == "Quietharbor")
            #expect(item.title == "T 1" && item.gameName == "Deep Signal" && item.gameId?.isEmpty == false)
            #expect(item.viewerCount == 41 && item.language == "de" && item.tags == ["a b"])
            #expect(item.startedAt == "2026-07-01T18:00:00Z")
            #expect(try await app.live("user_id=\(item.userId ?? "")") == ["quietharbor"])
            #expect(try await app.live("user_id=1") == [])
        }
    }

    @Test func `a stream changes, ends, and the next one is another`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            let first = try await running.goLive("a", #","title":"T 1","category":"Music""#)
            #expect(try await running.post("streams", #"{"login":"a","online":true}"#).status == 400)
            let body = #"{"login":"a","title":"T 2","viewers":9}"#
            let changed: StreamResult = try await running.call("streams/update", body)
            #expect(changed == first)
            let item = try await app.get("streams").data.first
            #expect(item?.title == "T 2" && item?.viewerCount == 9 && item?.gameName == "Music")
            let ended: StreamResult = try await running.call("streams/end", #"{"login":"a"}"#)
            #expect(ended.id == first.id)
            #expect(try await app.live() == [])
            #expect(try await running.post("streams/end", #"{"login":"a"}"#).status == 400)
            #expect(try await running.goLive("a").id != first.id)
        }
    }

    @Test func `what really was is on record, whatever Get Streams says`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let start = time.clock.unixMilliseconds()
            let more = #","started_at":"2026-07-01T18:00:00Z","visible_after_milliseconds":60000"#
            let stream = try await running.goLive("a", more)
            time.advance(seconds: 90)
            _ = try await running.post("streams/end", #"{"login":"a","visible_after_milliseconds":60000}"#)
            try await running.goLive("b")
            let page: StreamHistoryPage = try RunningSimulator.decode(try await running.get("streams").body)
            let first = StreamRecord(
                id: stream.id ?? "",
                userID: stream.userID,
                login: "a",
                startedAtMilliseconds: 1_782_928_800_000,
                onlineAtMilliseconds: start,
                offlineAtMilliseconds: start + 90_000
            )
            #expect(page.streams.count == 2 && page.streams.first == first)
            #expect(page.streams.last?.offlineAtMilliseconds == nil)
        }
    }

    @Test func `twenty come unless more are asked for, and pages follow`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            for number in 0..<40 { try await running.goLive("a\(number)", #","viewers":\#(number)"#) }
            let query = repeated("user_login", 40)
            var cursor: String?
            var seen: [String?] = []
            for size in [20, 20, 0] {
                let after = cursor.map { "&after=\(FormFields.encode($0))" } ?? ""
                let answer = try await app.get("streams?\(query)\(after)")
                #expect(answer.data.count == size)
                // The last full page has a cursor; what follows is empty.
                #expect((answer.pagination?.cursor == nil) == (size == 0))
                cursor = answer.pagination?.cursor
                seen += answer.data.map(\.userLogin)
            }
            #expect(seen == (0..<40).reversed().map { "a\($0)" })
            #expect(try await app.live("\(query)&first=100").count == 40)
        }
    }

    @Test(arguments: [
        ("first=101", #"The parameter \"first\" was malformed: the value must be less than or equal to 100"#),
        ("first=0", #"The parameter \"first\" was malformed: the value must be greater than or equal to 1"#),
        ("first=x", "the value must be an integer"), ("first=", "the value must be an integer"),
        ("after=nonsense", "the cursor is invalid"), ("after=a&before=b", "exclude each other"),
        ("user_login=A", "Malformed query params."), ("user_id=a", "Malformed query params."),
        ("type=offline", "Malformed query params."),
        (repeated("user_id", 101, prefix: "1"), "The number of user_id parameters must be 100 or less"),
        (repeated("user_login", 101), "The number of user_login parameters must be 100 or less"),
    ])
    func `a wrong request is refused`(_ query: String, _ message: String) async throws {
        try await withSimulator { running in
            let answer = try await HelixApp(running).fetch("streams?\(query)")
            #expect(answer.status == 400)
            #expect(answer.body.contains(message), "\(answer.body)")
        }
    }

    @Test func `a start, a change and an end become known late`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let app = try await HelixApp(running)
            try await running.goLive("a", #","title":"T 1","visible_after_milliseconds":60000"#)
            time.advance(seconds: 59)
            #expect(try await app.live() == [])
            time.advance(seconds: 1)
            #expect(try await app.live() == ["a"])
            let body = #"{"login":"a","title":"T 2","visible_after_milliseconds":10000}"#
            _ = try await running.post("streams/update", body)
            #expect(try await app.get("streams").data.first?.title == "T 1")
            time.advance(seconds: 10)
            #expect(try await app.get("streams").data.first?.title == "T 2")
            _ = try await running.post("streams/end", #"{"login":"a","visible_after_milliseconds":120000}"#)
            time.advance(seconds: 119)
            #expect(try await app.live() == ["a"])
            time.advance(seconds: 1)
            #expect(try await app.live() == [])
        }
    }

    @Test func `a start and an end flap, with one id throughout`() async throws {
        let time = ManualTime()
        try await withSimulator(silent { $0.helix.flapping = 120 }, clock: time.clock) { running in
            let app = try await HelixApp(running)
            let first = try await running.goLive("a").id
            func watch() async throws -> [Bool] {
                var seen: [Bool] = []
                for _ in 0..<13 {
                    let ids = try await app.get("streams").data.map(\.id)
                    #expect(ids.allSatisfy { $0 == first })
                    seen.append(!ids.isEmpty)
                    time.advance(seconds: 10)
                }
                return seen
            }
            let start = try await watch()
            #expect(start.prefix(2) == [true, false] && start.suffix(2) == [true, true])
            _ = try await running.post("streams/end", #"{"login":"a"}"#)
            let end = try await watch()
            #expect(end.prefix(2) == [false, true] && end.suffix(2) == [false, false])
        }
    }

    @Test func `with --live the channels are on air, and viewers come and go`() async throws {
        let time = ManualTime()
        try await withSimulator(silent { $0.helix.isLive = true }, clock: time.clock) { running in
            let app = try await HelixApp(running)
            var counts: Set<Int> = []
            for _ in 1...5 {
                let data = try await app.get("streams?first=100").data
                #expect(Set(data.compactMap(\.userLogin)) == Set(SimulatorSettings.Chat().channels))
                #expect(data.allSatisfy { $0.title?.isEmpty == false && $0.gameName?.isEmpty == false })
                counts.formUnion(data.compactMap { $0.userLogin == "quietharbor" ? $0.viewerCount : nil })
                time.advance(seconds: 60)
            }
            #expect(counts.count > 1)
        }
    }
}
