import Foundation
import Testing

@testable import TwitchAPI

/// Items of Helix that are everything but what they should be, between good ones.
@Suite struct HostileHelixTests {
    private static func stream(_ user: Int, _ more: String = "") -> String {
        #"{"id":"4\#(user)","user_id":"\#(user)","user_login":"channel\#(user)","title":"t","viewer_count":7,"#
            + #""started_at":"2026-11-25T10:00:00Z"\#(more)}"#
    }

    private func streams(_ body: String, of ids: [String] = ["1", "2", "3"]) async throws -> HelixAnswer<HelixStream> {
        try await HelixFixture.answering { _, _ in .init(body: body) }.run { await $0.client.streams(userIDs: ids) }
    }

    @Test func `whatever a field is, the other streams are there, and nobody seems to be offline`() async throws {
        let members = [
            ("id", "\"41\""), ("user_id", "\"1\""), ("user_login", "\"channel1\""), ("user_name", "\"Channel\""),
            ("title", "\"t\""), ("game_id", "\"5\""), ("game_name", "\"g\""), ("language", "\"en\""),
            ("tags", "[\"a\"]"),
            ("is_mature", "true"), ("viewer_count", "7"), ("started_at", "\"2026-11-25T10:00:00Z\""),
        ]
        for (name, json) in HostileJSON.variants(of: members) {
            let page = #"{"data":[\#(json),\#(Self.stream(2))],"pagination":{}}"#
            guard let page = try? JSONDecoder().decode(HelixPage<HelixStream>.self, from: Data(page.utf8)) else {
                #expect(json.contains("1e400") || json.contains("\\ud800"), "\(json.prefix(200))")
                continue
            }
            #expect(page.items.contains { $0.userID == "2" && $0.viewerCount == 7 }, "\(json.prefix(200))")
            let first = page.items.first { $0.userID == "1" }
            let isAnswered = page.answered(of: ["1", "2", "3"]).contains("1")
            #expect(first != nil || !isAnswered || name == "user_id" && page.unreadable.isEmpty, "\(json.prefix(200))")
            #expect(page.answered(of: ["1", "2", "3"]).contains("2"))
            if let first {
                #expect(first.viewerCount.map { (0...1_000_000_000).contains($0) } ?? true)
                #expect(first.userLogin.map(HelixClient.isLogin) ?? true)
                #expect((first.title?.utf8.count ?? 0) <= 4000)
            }
        }
    }

    @Test func `one bad item hides none, and is not taken for an end`() async throws {
        let answer = try await self.streams(#"{"data":[\#(Self.stream(1)),{"id":null,"user_id":"2"}]}"#)
        #expect(answer.items.map(\.userID) == ["1"])
        #expect(answer.answered == ["1", "3"])
        #expect(answer.failures.isEmpty && answer.unreadable == 1)
    }

    @Test(arguments: ["null", "{}", "7", "[]", "\"x\"", #"{"id":"9","user_id":{}}"#])
    func `an item that names nobody may be about anybody`(item: String) async throws {
        let answer = try await self.streams(#"{"data":[\#(item),\#(Self.stream(1))]}"#)
        #expect(answer.items.map(\.userID) == ["1"])
        #expect(answer.answered == ["1"])
    }

    @Test func `null instead of a list is neither an error nor an empty list`() async throws {
        for body in [#"{"data":null}"#, #"{"data":null,"pagination":null}"#] {
            let answer = try await self.streams(body)
            #expect(answer.items.isEmpty && answer.failures.isEmpty)
            #expect(answer.answered.isEmpty && answer.unreadable == 1)
        }
        let empty = try await self.streams(#"{"data":[],"pagination":[]}"#)
        #expect(empty.answered == ["1", "2", "3"])
    }

    @Test func `what is no answer at all is a failure`() async throws {
        for text in HostileJSON.texts + [#"{"data":{}}"#, #"{"data":"x"}"#, #"{"date":[]}"#] {
            let answer = try await self.streams(text)
            #expect(answer.items.isEmpty && answer.answered.isEmpty, "\(text.prefix(100))")
            #expect(answer.failures.map(\.error.label) == ["unreadable"], "\(text.prefix(100))")
        }
    }

    @Test func `a user without a usable login is left open, and the other is known`() async throws {
        let body =
            #"{"data":[{"id":"1","login":"a b"},{"id":"2","login":"Two","display_name":null},{"id":3,"login":"three"}]}"#
        try await HelixFixture.answering { _, _ in .init(body: body) }.run { fixture in
            let byID = await fixture.client.users(ids: ["1", "2", "3", "4"])
            #expect(byID.items.map(\.login) == ["two", "three"])
            #expect(byID.answered == ["2", "3", "4"])
            // Asked by login, the bad item may be any of those who are missing.
            let byLogin = await fixture.client.users(logins: ["one", "two"])
            #expect(byLogin.answered == ["two"])
        }
    }

    @Test func `a clock that is set does not stop the requests`() async throws {
        // The limit is reached, and full again in a minute by a clock that is two hours ahead of ours.
        let reset = HelixFixture.start / 1000 + 7260
        try await HelixFixture.answering { _, number in
            .init(headers: number == 0 ? [("Ratelimit-Remaining", "0"), ("Ratelimit-Reset", "\(reset)")] : [])
        }.run { fixture in
            _ = await fixture.client.streams(userIDs: ["1"])
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.answered == ["1"])
            #expect(fixture.waits.reduce(.zero, +) <= .seconds(120))
        }
    }
}
