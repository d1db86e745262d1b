import Testing
import TwitchAPI

@Suite struct HelixFailureTests {
    private static let refusal = #"{"error":"Unauthorized","status":401,"message":"Invalid OAuth token"}"#

    @Test func `a refused token is told once, and the request is sent again with the new one`() async throws {
        try await HelixFixture.answering { request, _ in
            request.authorization == "Bearer first" ? .init(status: 401, body: Self.refusal) : .init()
        }.run { fixture in
            let answer = await fixture.client.streams(userIDs: (0..<300).map { "\($0)" })
            #expect(answer.answered.count == 300)
            #expect(fixture.tokens.rejections == ["first"])
        }
    }

    @Test func `a second refusal ends the request`() async throws {
        try await HelixFixture.answering { _, _ in .init(status: 401, body: Self.refusal) }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.failures.map(\.error) == [.unauthorized(message: "Invalid OAuth token")])
            #expect(fixture.server.requests.count == 2)
            #expect(fixture.tokens.rejections == ["first", "second"])
        }
    }

    @Test(arguments: ["Missing scope: user:read:email", "Client ID and OAuth token do not match"])
    func `what another token cannot mend refuses no token`(message: String) async throws {
        try await HelixFixture.answering { _, _ in .init(status: 401, body: #"{"message":"\#(message)"}"#) }.run {
            fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.failures.map(\.error) == [.forbidden(status: 401, message: message)])
            #expect(fixture.tokens.rejections.isEmpty)
        }
    }

    @Test func `without a token nothing is sent`() async throws {
        try await HelixFixture.answering(tokens: []) { _, _ in .init() }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.failures.map(\.error) == [.noToken])
            #expect(fixture.server.requests.isEmpty)
        }
    }

    @Test func `after 429 it waits until the reset`() async throws {
        let reset = HelixFixture.start / 1000 + 17
        try await HelixFixture.answering { _, number in
            number == 0
                ? .init(
                    status: 429,
                    body: "",
                    headers: [("Ratelimit-Reset", "\(reset)"), ("Ratelimit-Remaining", "0")]
                )
                : .init()
        }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.answered == ["1"])
            #expect(fixture.waits == [.seconds(17)])
            #expect(fixture.outcomes == ["streams 429", "streams 200"])
        }
    }

    @Test func `429 again and again ends the request`() async throws {
        try await HelixFixture.answering { _, _ in .init(status: 429, body: "") }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.failures.map(\.error) == [.rateLimited])
            #expect(fixture.server.requests.count == 4)
        }
    }

    @Test func `it waits before it would exceed the limit`() async throws {
        let reset = HelixFixture.start / 1000 + 42
        try await HelixFixture.answering { _, number in
            .init(
                headers: [
                    ("Ratelimit-Limit", "800"), ("Ratelimit-Remaining", number == 0 ? "0" : "799"),
                    ("Ratelimit-Reset", "\(reset)"),
                ]
            )
        }.run { fixture in
            _ = await fixture.client.streams(userIDs: ["1"])
            _ = await fixture.client.streams(userIDs: ["1"])
            #expect(fixture.waits == [.seconds(42)])
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a failure of Twitch is tried again after a random wait`(status: Int) async throws {
        try await HelixFixture.answering { _, number in number < 2 ? .init(status: status, body: "<html>") : .init() }
            .run { fixture in
                let answer = await fixture.client.streams(userIDs: ["1"])
                #expect(answer.answered == ["1"])
                #expect(fixture.waits.count == 2)
                #expect(fixture.waits.allSatisfy { $0 <= .seconds(1) })
            }
    }

    @Test func `a Twitch that stays down ends the request and concerns only its batch`() async throws {
        try await HelixFixture.answering { request, _ in
            request.values("user_id").contains("0") ? .init(status: 503, body: "") : .init()
        }.run { fixture in
            let answer = await fixture.client.streams(userIDs: (0..<200).map { "\($0)" })
            #expect(answer.failures.map(\.error) == [.unavailable(status: 503, message: "")])
            #expect(answer.failures.first?.asked.count == 100)
            #expect(answer.answered.count == 100)
            #expect(fixture.server.requests.count == 4)
        }
    }

    @Test func `a connection that is cut is tried again`() async throws {
        try await HelixFixture.answering { _, number in number == 0 ? .init(drops: true) : .init() }.run { fixture in
            #expect(await fixture.client.streams(userIDs: ["1"]).answered == ["1"])
        }
    }

    @Test func `a server that is silent is given up`() async throws {
        try await HelixFixture.answering(timeout: .milliseconds(300)) { _, _ in .init(stalls: true) }.run { fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            #expect(answer.failures.map(\.error.label) == ["unreachable"])
            #expect(Set(fixture.outcomes) == ["streams timeout"])
        }
    }

    @Test func `a foreign message is one short line and no secret`() async throws {
        let message = String(repeating: "long\\n", count: 100)
        try await HelixFixture.answering { _, _ in .init(status: 403, body: #"{"message":"\#(message)"}"#) }.run {
            fixture in
            let answer = await fixture.client.streams(userIDs: ["1"])
            let text = answer.failures.first.map { "\($0.error)" } ?? ""
            #expect(!text.contains("\n") && text.count < 250)
            #expect(!text.contains("first"))
        }
    }
}
