import Testing
import TwitchAPI

@Suite struct HelixClientTests {
    /// Get Users as strict as Twitch: one login with `bad` in it spoils the whole request.
    @Sendable private static func users(_ request: ScriptedHelix.Request, _: Int) -> ScriptedHelix.Answer {
        let logins = request.values("login")
        let ids = request.values("id")
        if logins.count > 100 || ids.count > 100 || (logins + ids).contains(where: { $0.contains("bad") }) {
            return .init(
                status: 400,
                body: #"{"error":"Bad Request","status":400,"message":"Invalid login names, emails or IDs in request"}"#
            )
        }
        let users =
            logins.filter { !$0.hasPrefix("gone") }.map {
                #"{"id":"1\#($0.count)","login":"\#($0)","display_name":"X"}"#
            }
            + ids.map { #"{"id":"\#($0)","login":"user\#($0)"}"# }
        return .init(body: #"{"data":[\#(users.joined(separator: ","))]}"#)
    }

    @Test func `logins are asked for in hundreds, with the client id and the token`() async throws {
        try await HelixFixture.with(Self.users) { fixture in
            let logins = (0..<250).map { "channel_\($0)" }
            let answer = await fixture.client.users(logins: logins + ["channel_1"])
            #expect(Set(answer.items.map(\.login)) == Set(logins))
            #expect(answer.answered == Set(logins))
            let requests = fixture.server.requests
            #expect(requests.map { $0.values("login").count }.sorted() == [50, 100, 100])
            #expect(requests.allSatisfy { $0.path == "/helix/users" && $0.values("id").isEmpty })
            #expect(requests.allSatisfy { $0.clientID == "client" && $0.authorization == "Bearer first" })
        }
    }

    @Test func `who is not there is answered and missing`() async throws {
        try await HelixFixture.with(Self.users) { fixture in
            let answer = await fixture.client.users(logins: ["ash", "gone_away"])
            #expect(answer.items.map(\.login) == ["ash"])
            #expect(answer.answered == ["ash", "gone_away"])
            #expect(answer.items.first?.displayName == "X")
        }
    }

    @Test func `what cannot be a login is refused without asking`() async throws {
        try await HelixFixture.with(Self.users) { fixture in
            let wrong = ["Ash", "a-b", "", "ä", "abcdefghijklmnopqrstuvwxyz", "a b", "a&login=b"]
            let answer = await fixture.client.users(logins: ["ash"] + wrong)
            #expect(answer.items.count == 1)
            #expect(Set(answer.refused) == Set(wrong))
            #expect(fixture.server.requests.count == 1)
        }
    }

    @Test func `one login that Twitch does not accept does not hide the other 99`() async throws {
        try await HelixFixture.with(Self.users) { fixture in
            let logins = (0..<99).map { "channel_\($0)" } + ["bad_one"]
            let answer = await fixture.client.users(logins: logins)
            #expect(answer.items.count == 99)
            #expect(answer.refused == ["bad_one"])
            #expect(answer.failures.isEmpty)
            #expect(fixture.server.requests.count <= 16)
        }
    }

    @Test func `a request that is never accepted ends`() async throws {
        try await HelixFixture.answering { _, _ in .init(status: 400, body: "no JSON") }.run { fixture in
            let answer = await fixture.client.users(ids: (0..<100).map { "\($0)" })
            #expect(answer.items.isEmpty)
            #expect(answer.refused.count + answer.failures.flatMap(\.asked).count == 100)
            #expect(fixture.server.requests.count <= 90)
        }
    }

    @Test func `streams are asked for by id, a hundred to a page`() async throws {
        let body = #"""
            {"data":[{"id":"41","user_id":"7","user_login":"Ash","user_name":"Ash","game_id":"1","game_name":"Chess",
            "type":"live","title":"日本語 \"x\"","tags":null,"viewer_count":12,"started_at":"2026-11-25T10:00:00Z",
            "language":"ja","thumbnail_url":"","is_mature":true,"later":[1]},
            {"id":"42","user_id":"8","started_at":"2026-11-25T10:00:00Z"}],"pagination":{"cursor":"abc"}}
            """#
        try await HelixFixture.answering { _, _ in .init(body: body) }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["7", "8", "9"])
            let stream = try #require(answer.items.first)
            #expect(stream.title == "日本語 \"x\"")
            #expect(stream.userLogin == "ash")
            #expect(stream.tags == [] && stream.isMature == true && stream.viewerCount == 12)
            #expect(answer.items.count == 2)
            // A page that is not full is the last, whatever cursor it has.
            #expect(fixture.server.requests.count == 1)
            #expect(fixture.server.requests[0].values("first") == ["100"])
            #expect(fixture.server.requests[0].values("user_id") == ["7", "8", "9"])
        }
    }

    @Test func `a full page is followed to the next`() async throws {
        @Sendable func page(_ range: Range<Int>, _ cursor: String) -> String {
            let items = range.map { #"{"id":"\#($0)","user_id":"\#($0)","started_at":"x"}"# }.joined(separator: ",")
            return #"{"data":[\#(items)],"pagination":{\#(cursor)}}"#
        }
        try await HelixFixture.answering { request, _ in
            request.values("after") == ["next%20one"]
                ? .init(body: page(100..<103, "")) : .init(body: page(0..<100, #""cursor":"next one""#))
        }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.items.count == 103)
            #expect(fixture.server.requests.count == 2)
        }
    }

    @Test func `an answer that is no JSON concerns its batch and repeats nothing of it`() async throws {
        try await HelixFixture.answering { _, number in .init(body: number == 0 ? "<html>secret" : #"{"data":[]}"#) }
            .run { fixture in
                let answer = await fixture.client.streams(userIDs: (0..<101).map { "\($0)" })
                #expect(answer.failures.count == 1)
                #expect(answer.answered.count + (answer.failures.first?.asked.count ?? 0) == 101)
                #expect(answer.failures.first.map { "\($0.error)" }?.contains("secret") == false)
            }
    }
}
