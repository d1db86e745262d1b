import Protocol
import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

@Suite struct AppTokenKeeperTests {
    private struct Harness {
        var keeper = AppTokenKeeper()
        var now = Moment(instant: .now, time: Timestamp(milliseconds: 1_800_000_000_000))

        mutating func send(_ event: AppTokenKeeper.Event) -> [AppTokenKeeper.Action] {
            self.keeper.handle(event, at: self.now)
        }

        mutating func advance(_ seconds: Int) -> [AppTokenKeeper.Action] {
            self.now.instant += .seconds(seconds)
            return self.send(.tick)
        }

        mutating func obtain(_ name: String, lives: Int = 5_011_271) -> [AppTokenKeeper.Action] {
            self.send(.obtained(.success(TokenGrant(accessToken: Secret(name), expiresIn: .seconds(lives)))))
        }
    }

    private static let away = OAuthError(.transient, "connection refused")

    @Test func `a token is got at start, validated each hour and renewed at 75 %`() {
        var harness = Harness()
        #expect(harness.send(.tick) == [.obtain])
        #expect(harness.obtain("a", lives: 14_400).contains { if case .publish = $0 { true } else { false } })
        #expect(harness.advance(3_600) == [.validate(Secret("a"))])
        let valid = TokenValidation(clientID: "c", login: nil, userID: nil, scopes: [], expiresIn: .seconds(10_800))
        #expect(harness.send(.validated(.success(valid))).isEmpty)
        #expect(harness.advance(7_199) == [.validate(Secret("a"))])
        _ = harness.send(.validated(.success(valid)))
        #expect(harness.advance(1) == [.obtain])
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
    }

    @Test func `a rejected token is replaced once, an old one is not`() {
        var harness = Harness()
        _ = harness.send(.tick)
        _ = harness.obtain("a")
        let rejected = AppTokenKeeper.Event.rejected(fingerprint: Secret("a").fingerprint, reason: "401")
        #expect(harness.send(rejected).contains(.obtain))
        #expect(harness.send(rejected).isEmpty)
        _ = harness.obtain("b")
        #expect(harness.send(rejected).isEmpty)
        // The next one is rejected as well: not at once this time.
        let again = AppTokenKeeper.Event.rejected(fingerprint: Secret("b").fingerprint, reason: "401")
        #expect(!harness.send(again).contains(.obtain))
        #expect(harness.advance(100).contains(.obtain))
    }

    @Test func `an invalid token is taken back and replaced`() {
        var harness = Harness()
        _ = harness.send(.tick)
        _ = harness.obtain("a")
        _ = harness.advance(3_600)
        let actions = harness.send(.validated(.failure(OAuthError(.invalidToken, "401", status: 401))))
        #expect(actions.contains { if case .withdraw = $0 { true } else { false } })
        #expect(actions.contains(.obtain))
    }

    @Test func `a wrong secret is told once and not asked about all the time`() {
        var harness = Harness()
        _ = harness.send(.tick)
        let refused = OAuthError(.clientRefused, "answered 403: invalid client secret", status: 403)
        let actions = harness.send(.obtained(.failure(refused)))
        #expect(actions.count == 1)
        #expect(harness.keeper.obstacle(at: harness.now)?.contains("TWITCH_CLIENT_SECRET") == true)
        #expect(harness.keeper.isSettled)
        #expect(harness.advance(3_599).isEmpty)
        #expect(harness.advance(1) == [.obtain])
        #expect(harness.send(.obtained(.failure(refused))).isEmpty)
    }

    @Test func `trouble is tried again and told once`() {
        var harness = Harness()
        _ = harness.send(.tick)
        var told = 0
        for _ in 0..<10 {
            told += harness.send(.obtained(.failure(Self.away))).count
            #expect(harness.advance(300) == [.obtain])
        }
        #expect(told == 1)
        #expect(harness.obtain("a").contains(.tell(.troubleOver)))
    }
}
