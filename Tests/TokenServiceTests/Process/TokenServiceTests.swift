import EventBus
import Foundation
import Protocol
import ServiceRuntime
import TestSupport
import Testing
import TokenStore

/// The real process against the real simulator.
@Suite(.serialized) struct TokenServiceTests {
    @Test func `a token is offered, renewed after 75 % of its life, and offered again`() async throws {
        try await ServiceStage.with(lifetime: 8) { stage in
            let pair = try await stage.logIn()
            let service = try stage.start()
            try await stage.following { follower in
                try await eventually("the token is offered: \(service.errorOutput)") { follower.current("user") != nil }
                let first = try #require(follower.current("user"))
                #expect(first.login == "harborlog")
                #expect(first.clientID == "pub")
                #expect(first.scopes == ["chat:read"])
                try await eventually("three renewals: \(service.errorOutput)") {
                    try await stage.twitch.refreshes().count >= 3
                }
                try await eventually("it is the newest that is offered") {
                    let stored = try stage.file.read()?.user?.accessToken.reveal()
                    return follower.current("user")?.accessToken == stored && stored != pair.accessToken
                }
                #expect(try #require(follower.current("user")).version > first.version)
            }
            let refreshes = try await stage.twitch.refreshes()
            #expect(refreshes.allSatisfy { $0.status == 200 && !$0.spentRefresh })
            #expect(Set(refreshes.map(\.refreshFingerprint)).count == refreshes.count)
            #expect(try await service.stop() == 0)
            // Nothing that it said tells a token.
            let said = service.output + service.errorOutput
            for secret in [
                pair.accessToken, pair.refreshToken ?? "-", try #require(stage.file.read()?.user).accessToken.reveal(),
            ] {
                #expect(!said.contains(secret))
            }
        }
    }

    @Test func `one refresh although gateway and poller reject at the same time`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            let service = try stage.start()
            let gateway = try Rejecter("irc-gateway", "gw", stage.state)
            let poller = try Rejecter("stream-poller", "sp", stage.state)
            try await gateway.running {
                try await poller.running {
                    try await stage.following { follower in
                        try await eventually("offered: \(service.errorOutput)") { follower.current("user") != nil }
                        let fingerprint = TokenFingerprint.of(pair.accessToken)
                        #expect(fingerprint == Secret(pair.accessToken).fingerprint)
                        // The service follows events from now on only: what it has not heard is told again.
                        try await eventually("the next token: \(service.errorOutput)") {
                            try await gateway.reject(fingerprint)
                            try await poller.reject(fingerprint)
                            return follower.current("user")?.accessToken != pair.accessToken
                        }
                        try await gateway.reject(fingerprint)
                        try await poller.reject(fingerprint)
                    }
                }
            }
            #expect(try await stage.twitch.refreshes().count == 1)
            #expect(service.errorOutput.contains("a service reports that Twitch refused the user token"))
        }
    }

    @Test func `a login and a logout are noticed while it runs`() async throws {
        try await ServiceStage.with { stage in
            let service = try stage.start()
            try await stage.following { follower in
                try await eventually("ready without an account") {
                    await stage.readiness(service)?.status == 200
                }
                #expect(service.errorOutput.contains("no account is logged in"))
                let first = try await stage.logIn()
                try await eventually("the login is offered") {
                    follower.current("user")?.accessToken == first.accessToken
                }
                let second = try await stage.logIn()
                try await eventually("the next login replaces it") {
                    follower.current("user")?.accessToken == second.accessToken
                }
                try stage.file.update { $0.logOut() }
                try await eventually("the logout takes it back") { follower.current("user") == nil }
            }
            #expect(await stage.readiness(service)?.status == 200)
        }
    }

    @Test func `a login during a refresh wins`() async throws {
        try await ServiceStage.with { stage in
            let old = try await stage.logIn()
            try await stage.twitch.expire(old)
            try await stage.twitch.fail([
                "endpoint": "token", "grant_type": "refresh_token", "delay_milliseconds": 4_000,
            ])
            let service = try stage.start()
            try await eventually("the refresh is under way: \(service.errorOutput)") {
                try await stage.twitch.refreshes().count == 1
            }
            let new = try await stage.logIn()
            try await stage.following { follower in
                try await eventually("the login is offered, not the refresh's token") {
                    follower.current("user")?.accessToken == new.accessToken
                }
                try await eventually("the refresh's answer came and was dropped: \(service.errorOutput)") {
                    service.errorOutput.contains("came during a renewal and counts")
                }
                #expect(follower.current("user")?.accessToken == new.accessToken)
            }
            #expect(try stage.file.read()?.user?.accessToken.reveal() == new.accessToken)
        }
    }

    @Test func `a revoked login is told in one line, taken back, and mended by a login`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            try await stage.twitch.revoke()
            let service = try stage.start()
            try await eventually("unready: \(service.errorOutput)") {
                await stage.readiness(service)?.body.contains("collector auth login") == true
            }
            #expect(await stage.readiness(service)?.status == 503)
            #expect(try stage.file.read()?.refusal != nil)
            #expect(try await service.stop() == 0)
            // Not asked again after a restart.
            let again = try stage.start()
            try await eventually("unready again") {
                await stage.readiness(again)?.body.contains("collector auth login") == true
            }
            #expect(try await stage.twitch.refreshes().count == 1)
            #expect(again.errorOutput.split(separator: "\n").filter { $0.contains(#""level":"error""#) }.count == 1)
            try await stage.following { follower in
                let new = try await stage.logIn()
                try await eventually("the login is offered") {
                    follower.current("user")?.accessToken == new.accessToken
                }
                #expect(new.accessToken != pair.accessToken)
            }
            #expect(await stage.readiness(again)?.status == 200)
        }
    }

    @Test func `a restart takes the token away from nobody`() async throws {
        try await ServiceStage.with { stage in
            _ = try await stage.logIn()
            let first = try stage.start()
            try await stage.following { follower in
                try await eventually("offered: \(first.errorOutput)") { follower.current("user") != nil }
                try await first.killNow()
                // Twitch takes its time to answer the next one.
                try await stage.twitch.fail(["endpoint": "validate", "delay_milliseconds": 2_000])
                let second = try stage.start()
                try await eventually("the second one offers: \(second.errorOutput)") {
                    #expect(follower.current("user") != nil)
                    return second.errorOutput.contains("offering tokens")
                }
                let version = try #require(follower.current("user")).version
                try await eventually("under a higher version or the same") {
                    (follower.current("user")?.version ?? 0) >= version
                }
            }
        }
    }

    @Test func `tokens are validated on schedule, and the metrics say so`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            let service = try stage.start(client: "pub", ["TOKEN_VALIDATE_INTERVAL": "15s"])
            try await eventually("validated again and again: \(service.errorOutput)") {
                try await stage.twitch.audit().filter { $0.endpoint == "validate" }.count >= 2
            }
            let times = try await stage.twitch.audit().filter { $0.endpoint == "validate" }.map(\.atMilliseconds)
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 14_000 })
            #expect(try await stage.twitch.refreshes().isEmpty)
            let metrics = try #require(await stage.get("metrics", service)).body
            #expect(metrics.contains(#"token_published{kind="user"} 1"#))
            #expect(metrics.contains(#"token_validations_total{kind="user",result="ok"}"#))
            #expect(!metrics.contains(pair.accessToken))
        }
    }

    @Test func `with a client secret there is an app token too`() async throws {
        try await ServiceStage.with { stage in
            let service = try stage.start(client: "conf")
            try await stage.following { follower in
                try await eventually("offered: \(service.errorOutput)") { follower.current("app") != nil }
                #expect(follower.current("app")?.clientID == "conf")
                #expect(follower.current("user") == nil)
            }
            let metrics = try #require(await stage.get("metrics", service)).body
            #expect(metrics.contains(#"token_published{kind="app"} 1"#))
            #expect(metrics.contains(#"token_refreshes_total{kind="app",result="ok"} 1"#))
            #expect(await stage.readiness(service)?.status == 200)
        }
    }

    @Test func `a wrong client secret is one clear line`() async throws {
        try await ServiceStage.with { stage in
            let service = try stage.start(client: "conf", ["TWITCH_CLIENT_SECRET": "wrong-secret"])
            try await eventually("unready: \(service.errorOutput)") {
                await stage.readiness(service)?.body.contains("check TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET") == true
            }
            #expect(!service.errorOutput.contains("wrong-secret"))
        }
    }
}
