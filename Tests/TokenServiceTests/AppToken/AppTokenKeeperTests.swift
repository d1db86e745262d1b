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

    /// Asks whoever answers as told, for two hours; returns when it was asked, in seconds.
    private func run(
        grant: Int?,
        validation: Result<Int?, OAuthError>,
        error: OAuthError? = nil,
        rejects: Bool
    ) -> (asked: [Int], obtained: Int) {
        var harness = Harness()
        var asked: [Int] = []
        var names = 0
        var waiting = harness.send(.tick)
        for second in 0..<7_200 {
            while let action = waiting.first {
                waiting.removeFirst()
                switch action {
                case .obtain:
                    asked.append(second)
                    names += 1
                    let token = TokenGrant(accessToken: Secret("t\(names)"), expiresIn: grant.map { .seconds($0) })
                    waiting += harness.send(.obtained(error.map { .failure($0) } ?? .success(token)))
                case .validate:
                    asked.append(second)
                    let answer = validation.map {
                        TokenValidation(
                            clientID: "c",
                            login: nil,
                            userID: nil,
                            scopes: nil,
                            expiresIn: $0.map { .seconds($0) }
                        )
                    }
                    waiting += harness.send(.validated(answer))
                case .publish(let held) where rejects:
                    waiting += harness.send(.rejected(fingerprint: held.token.fingerprint, reason: "401"))
                default: continue
                }
            }
            waiting = harness.advance(1)
        }
        return (asked, names)
    }

    @Test(arguments: [nil, 1, 30, 14_400, 315_360_000] as [Int?])
    func `whatever Twitch answers, it is asked a few times a minute`(grant: Int?) {
        let dead = OAuthError(.invalidToken, "401", status: 401)
        let busy = OAuthError(.transient, "answered 429", status: 429, retryAfter: .seconds(600))
        for validation in [.success(nil), .success(1), .success(14_400), .failure(dead), .failure(Self.away)]
            as [Result<Int?, OAuthError>]
        {
            for rejects in [true, false] {
                for error in [nil, Self.away, busy] {
                    let (asked, obtained) = run(grant: grant, validation: validation, error: error, rejects: rejects)
                    let busiest = asked.indices.map { index in asked[index...].prefix { $0 < asked[index] + 60 }.count }
                    #expect(busiest.max() ?? 0 <= 4)
                    #expect(asked.count <= 140, "\(asked.count)")
                    if error == busy { #expect(asked.count <= 13) }
                    if grant == nil || grant == 315_360_000, case .success(nil) = validation, error == nil, !rejects {
                        #expect(obtained == 1)
                    }
                }
            }
        }
    }

    @Test func `without a known end the token is used, and validated each hour`() {
        var harness = Harness()
        _ = harness.send(.tick)
        let got = harness.send(.obtained(.success(TokenGrant(accessToken: Secret("a"), expiresIn: nil))))
        #expect(got.contains(.validate(Secret("a"))))
        let unknown = TokenValidation(clientID: "c", login: nil, userID: nil, scopes: nil, expiresIn: nil)
        #expect(harness.send(.validated(.success(unknown))).isEmpty)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        #expect(harness.advance(3_599).isEmpty)
        #expect(harness.advance(1) == [.validate(Secret("a"))])
    }
}
