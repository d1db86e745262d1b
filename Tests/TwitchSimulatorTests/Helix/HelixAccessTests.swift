import Testing

@testable import twitch_simulator

@Suite struct HelixAccessTests {
    @Test(arguments: [
        (["client-id": "simulator-client"], "OAuth token is missing"),
        (["client-id": "simulator-client", "authorization": "OAuth TOKEN"], "OAuth token is missing"),
        (["authorization": "Bearer TOKEN"], "Must provide a valid Client-ID or OAuth token"),
        (["client-id": "simulator-client", "authorization": "Bearer nonsense"], "Invalid OAuth token"),
        (["client-id": "simulator-public", "authorization": "Bearer TOKEN"], "Client ID and OAuth token do not match"),
    ])
    func `a request without the right headers is unauthorized`(_ headers: [String: String], _ message: String)
        async throws
    {
        try await withSimulator { running in
            let token = try await HelixApp(running).token
            let answer = try await running.fetch(
                "\(running.endpoints.api)/streams",
                headers: headers.mapValues { $0.replacing("TOKEN", with: token) }
            )
            #expect(answer.status == 401)
            #expect(answer.body == #"{"error":"Unauthorized","message":"\#(message)","status":401}"#)
        }
    }

    @Test func `user tokens do as well, until they expire`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let app = HelixApp(running, token: try await running.approved("harborlog").accessToken)
            #expect(try await app.fetch("streams").status == 200)
            time.advance(seconds: 14_400)
            #expect(try await app.fetch("streams").status == 401)
        }
    }

    @Test func `points run out and come back at the time that is told`() async throws {
        let time = ManualTime()
        try await withSimulator(silent { $0.helix.pointsPerMinute = 2 }, clock: time.clock) { running in
            let app = try await HelixApp(running)
            let user = HelixApp(running, token: try await running.approved("harborlog").accessToken)
            let now = time.clock.unixMilliseconds() / 1000
            for (remaining, status) in [("1", 200), ("0", 200), ("0", 429)] {
                let answer = try await app.fetch("streams")
                #expect(answer.status == UInt(status))
                #expect(answer.header("ratelimit-limit") == "2")
                #expect(answer.header("ratelimit-remaining") == remaining)
                #expect(answer.header("ratelimit-reset") == "\(now + 60)")
            }
            // The user has points of their own.
            #expect(try await user.fetch("streams").header("ratelimit-remaining") == "1")
            time.advance(seconds: 59)
            #expect(try await app.fetch("streams").body.contains(#""error":"Too Many Requests""#))
            time.advance(seconds: 1)
            #expect(try await app.fetch("streams").status == 200)
        }
    }

    @Test func `an unknown path is not found, in Helix's words`() async throws {
        try await withSimulator { running in
            let answer = try await running.fetch("\(running.endpoints.api)/nonsense")
            #expect(answer.status == 404)
            #expect(answer.body == #"{"error":"Not Found","message":"","status":404}"#)
        }
    }

    @Test func `faults befall the endpoint that they are meant for`() async throws {
        let time = ManualTime()
        try await withSimulator(clock: time.clock) { running in
            let app = try await HelixApp(running)
            _ = try await running.post("faults/helix", #"{"endpoint":"streams","status":401}"#)
            #expect(try await app.fetch("users?login=a").status == 200)
            #expect(try await app.fetch("streams").body.contains("Invalid OAuth token"))
            _ = try await running.post("faults/helix", #"{"status":429,"reset_after_milliseconds":5000}"#)
            let limited = try await app.fetch("streams")
            #expect(limited.header("ratelimit-remaining") == "0")
            #expect(limited.header("ratelimit-reset") == "\((time.clock.unixMilliseconds() + 5999) / 1000)")
            _ = try await running.post(
                "faults/helix",
                #"{"status":503,"message":"down","duration_milliseconds":60000}"#
            )
            for _ in 1...3 {
                let down = try await app.fetch("streams")
                #expect(down.body == #"{"error":"Service Unavailable","message":"down","status":503}"#)
            }
            time.advance(seconds: 60)
            #expect(try await app.fetch("streams").status == 200)
        }
    }

    @Test func `the log counts calls and names tokens by their fingerprints`() async throws {
        try await withSimulator { running in
            let app = try await HelixApp(running)
            _ = try await app.fetch("streams?user_login=a&user_login=b&first=100")
            _ = try await app.fetch("users?login=a&login=B")
            _ = try await running.post("faults/helix", #"{"status":500}"#)
            _ = try await app.fetch("streams")
            let log = try await running.helixLog()
            #expect(log.total == 3)
            #expect(log.counts == ["streams": ["200": 1, "500": 1], "users": ["400": 1]])
            #expect(log.calls.map(\.sequence) == [1, 2, 3])
            #expect(log.calls[0].parameters == ["user_login": 2, "first": 1])
            #expect(log.calls[0].remaining == 799)
            #expect(log.calls[1].message == "Invalid login names, emails or IDs in request")
            #expect(log.calls.map(\.isFault) == [false, false, true])
            #expect(log.calls.allSatisfy { $0.fingerprint == TokenText.fingerprint(app.token) })
            #expect(try await running.get("helix-log").body.contains(app.token) == false)
            #expect(try await running.helixLog(after: 2).calls.map(\.sequence) == [3])
        }
    }
}
