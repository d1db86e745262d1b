import EventBus
import Foundation
import Protocol
import ServiceRuntime
import TestSupport
import Testing
import TokenStore

@testable import token_service

/// `kill -9` at each step of a refresh. The simulator tells whether a spent refresh token was ever shown to it again.
@Suite(.serialized) struct CrashTests {
    @Test(arguments: CrashPoint.allCases, ["pub", "conf"])
    func `a process that is killed during a refresh recovers, or says clearly that it cannot`(
        point: CrashPoint,
        client: String
    ) async throws {
        try await ServiceStage.with { stage in
            let old = try await stage.logIn(client: client)
            try await stage.twitch.expire(old)
            // A public client's token that is dead already tells nothing about a refresh: begin with one that lives.
            let pair = try await stage.logIn(client: client)
            try stage.file.update { tokens in
                // Its end is near by its own account, so that the refresh begins at once.
                var token = try #require(tokens.user)
                token.obtainedAt = token.obtainedAt.map { .init(rawValue: $0.rawValue - 14_400_000 + 500_000) }
                token.expiresAt = token.expiresAt.map { .init(rawValue: $0.rawValue - 14_400_000 + 500_000) }
                tokens.logIn(token)
            }
            // The validation at the start would tell the true end; it fails, and the refresh does not wait for it.
            try await stage.twitch.fail(["endpoint": "validate", "status": 503])
            let killed = try stage.start(client: client, ["TOKEN_SERVICE_CRASH_POINT": point.rawValue])
            #expect(try await killed.exitCode() == -SIGKILL)
            #expect(try await stage.twitch.refreshes().count == (point == .beforeRequest ? 0 : 1))

            let service = try stage.start(client: client)
            try await stage.following { follower in
                let isLost = point == .afterAnswer && client == "pub"
                if isLost {
                    try await eventually("told: \(service.errorOutput)") {
                        await stage.readiness(service)?.body.contains("works only once") == true
                    }
                    #expect(follower.current("user") == nil)
                } else {
                    try await eventually("recovered: \(service.errorOutput)") { follower.current("user") != nil }
                    let token = try #require(follower.current("user")).accessToken
                    // A confidential client's old token outlives the renewal whose answer is lost.
                    let isOld = point == .beforeRequest || point == .afterAnswer
                    #expect((token == pair.accessToken) == isOld)
                }
                #expect(await stage.readiness(service)?.status == (isLost ? 503 : 200))
            }
            let audit = try await stage.twitch.audit()
            #expect(!audit.contains { $0.spentRefresh })
            #expect(try await service.stop() == 0)
            #expect(try stage.file.read()?.intent == nil)
        }
    }

    @Test func `killed while Twitch takes its time, it settles what happened by the old token`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            try stage.file.update { tokens in
                var token = try #require(tokens.user)
                token.obtainedAt = nil
                token.expiresAt = .init(rawValue: 0)
                tokens.logIn(token)
            }
            try await stage.twitch.fail(["endpoint": "validate", "status": 503])
            // Nothing is done, and nothing is answered for long.
            try await stage.twitch.fail(["endpoint": "token", "drop": "before", "delay_milliseconds": 60_000])
            let killed = try stage.start()
            try await eventually("the refresh is under way: \(killed.errorOutput)") {
                try await stage.twitch.refreshes().count == 1
            }
            #expect(try stage.file.read()?.intent != nil)
            try await killed.killNow()
            let service = try stage.start()
            try await stage.following { follower in
                try await eventually("it goes on with the old token: \(service.errorOutput)") {
                    follower.current("user")?.accessToken == pair.accessToken
                }
            }
            #expect(try await !stage.twitch.audit().contains { $0.spentRefresh })
        }
    }

    @Test(arguments: ["before", "after"])
    func `an answer that the network loses is settled without a restart`(drop: String) async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            try stage.file.update { tokens in
                var token = try #require(tokens.user)
                token.obtainedAt = nil
                token.expiresAt = .init(rawValue: 0)
                tokens.logIn(token)
            }
            try await stage.twitch.fail(["endpoint": "validate", "status": 503])
            try await stage.twitch.fail(["endpoint": "token", "drop": drop])
            let service = try stage.start()
            try await stage.following { follower in
                if drop == "before" {
                    try await eventually("it goes on: \(service.errorOutput)") {
                        follower.current("user")?.accessToken == pair.accessToken
                    }
                } else {
                    try await eventually("told: \(service.errorOutput)") {
                        await stage.readiness(service)?.body.contains("works only once") == true
                    }
                }
            }
            #expect(try await !stage.twitch.audit().contains { $0.spentRefresh })
            #expect(try await stage.twitch.refreshes().count == 1)
        }
    }

    @Test func `a stop during a refresh waits for the answer and keeps it`() async throws {
        try await ServiceStage.with { stage in
            let pair = try await stage.logIn()
            try await stage.twitch.expire(pair)
            // Done at once, answered late.
            try await stage.twitch.fail(["endpoint": "token", "delay_milliseconds": 1_500])
            let service = try stage.start()
            try await eventually("the refresh is under way: \(service.errorOutput)") {
                try await stage.twitch.refreshes().count == 1
            }
            #expect(try await service.stop() == 0)
            let tokens = try #require(try stage.file.read())
            #expect(tokens.intent == nil)
            #expect(tokens.user?.accessToken.reveal() != pair.accessToken)
        }
    }
}
