import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

/// Whatever Twitch answers, success included, it is asked a few times a minute at most, and a refresh token is not spent
/// in a loop.
@Suite struct StrangeTwitchTests {
    /// How a strange Twitch answers one kind of question, always.
    enum Answer: Hashable, Sendable, CaseIterable {
        case granted14400
        case granted1
        case granted59
        case grantedWithoutEnd
        case grantedForTenYears
        case invalid
        case away
        case lost
        case busyForTenMinutes

        var lives: Int? {
            switch self {
            case .granted1: 1
            case .granted59: 59
            case .grantedForTenYears: 315_360_000
            case .grantedWithoutEnd: nil
            default: 14_400
            }
        }

        /// Nil for a success.
        var error: OAuthError? {
            switch self {
            case .invalid: KeeperHarness.dead
            case .away: KeeperHarness.away
            case .lost: KeeperHarness.lost
            case .busyForTenMinutes: OAuthError(.transient, "answered 429", status: 429, retryAfter: .seconds(600))
            default: nil
            }
        }
    }

    private struct Count {
        /// Seconds since the start at which Twitch was asked.
        var asked: [Int] = []
        var refreshed: [Int] = []
        var validated: [Int] = []

        /// The most within any minute.
        static func busiest(_ seconds: [Int]) -> Int {
            seconds.indices.map { index in seconds[index...].prefix { $0 < seconds[index] + 60 }.count }.max() ?? 0
        }
    }

    private func run(
        _ seconds: Int,
        validate: Answer,
        refresh: Answer,
        isPublic: Bool,
        rejects: Bool = false
    ) -> Count {
        var harness = KeeperHarness(isPublic: isPublic)
        var count = Count()
        var waiting = harness.logIn(KeeperHarness.pair("one", at: harness.now.time, lives: 14_400))
        var names = 0
        for second in 0..<seconds {
            // What is asked is answered at once: the fastest that a server can be.
            while let action = waiting.first {
                waiting.removeFirst()
                switch action {
                case .validate:
                    count.asked.append(second)
                    count.validated.append(second)
                    waiting += validate.error.map { harness.answerValidate($0) } ?? harness.answerValid(validate.lives)
                case .writeIntent: waiting += harness.writeIntent()
                case .refresh:
                    count.asked.append(second)
                    count.refreshed.append(second)
                    names += 1
                    waiting +=
                        refresh.error.map { harness.answerRefresh($0) }
                        ?? harness.answerRefresh("r\(names)", lives: refresh.lives)
                case .keep: waiting += harness.keep()
                case .publish(let token):
                    guard rejects else { continue }
                    waiting += harness.send(.rejected(fingerprint: token.accessToken.fingerprint, reason: "401"))
                default: continue
                }
            }
            waiting = harness.advance(.seconds(1))
        }
        return count
    }

    @Test(arguments: Answer.allCases, Answer.allCases)
    func `two hours with a strange Twitch`(validate: Answer, refresh: Answer) {
        for isPublic in [true, false] {
            for rejects in [true, false] {
                let count = run(7_200, validate: validate, refresh: refresh, isPublic: isPublic, rejects: rejects)
                #expect(Count.busiest(count.asked) <= 6)
                #expect(count.refreshed.count { $0 < 15 } <= 4)
                #expect(count.refreshed.count <= 170, "\(count.refreshed.count)")
                // A minute's life and failing validations keep us busy, within the limit.
                let most = refresh == .granted59 ? 720 : 420
                #expect(count.asked.count <= most, "\(count.asked.count)")
                if refresh.error == nil, refresh != .granted59 { #expect(count.refreshed.count <= 24) }
            }
        }
    }

    @Test(arguments: [nil, 315_360_000] as [Int?], [true, false])
    func `a token without an end is valid until Twitch says otherwise, and asked about each hour`(
        lives: Int?,
        isPublic: Bool
    ) {
        let answer: Answer = lives == nil ? .grantedWithoutEnd : .grantedForTenYears
        let count = run(86_400, validate: answer, refresh: answer, isPublic: isPublic)
        // The end that was stored is still ahead, and is believed; there is none after that.
        #expect(count.refreshed.count <= 1)
        #expect((23...26).contains(count.validated.count))
    }

    @Test func `a rejection renews a token without an end`() {
        var harness = KeeperHarness()
        _ = harness.logIn(KeeperHarness.pair("one"))
        #expect(harness.answerValid(nil).publishes == ["access-one"])
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        #expect(harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401")).writesIntent)
        let kept = harness.refresh(to: "two", lives: nil)
        #expect(kept.publishes == ["access-two"])
        // Whether it tells more when it is asked.
        #expect(kept.validates)
        #expect(!harness.answerValid(nil).writesIntent)
    }

    @Test func `an end that was stored wrong is corrected by a validation that knows none`() {
        var harness = KeeperHarness()
        // As an older version stored "expires_in": 0.
        _ = harness.logIn(KeeperHarness.pair("one", at: harness.now.time, lives: 0))
        let actions = harness.answerValid(nil)
        #expect(actions.publishes == ["access-one"] && !actions.writesIntent)
        #expect(harness.stored.user?.expiresAt == nil)
        #expect(harness.advance(.seconds(3_599)).isEmpty)
        #expect(harness.advance(.seconds(1)).validates)
    }

    @Test func `what an answer leaves out stays as it was`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(3_600))
        let empty = TokenValidation(clientID: nil, login: "harborlog", userID: nil, scopes: nil, expiresIn: nil)
        _ = harness.send(.validated(harness.keeper.attempt, .success(empty)))
        #expect(harness.stored.user?.clientID == "our-client")
        #expect(harness.stored.user?.userID == "700100100")
        #expect(harness.stored.user?.scopes == ["chat:read"])
        // The end that the grant told is still ahead.
        #expect(harness.stored.user?.expiresAt != nil)
    }

    @Test func `Retry-After of a refresh is obeyed, also by validations`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh(OAuthError(.transient, "answered 503", status: 503, retryAfter: .seconds(600)))
        for _ in 0..<599 { #expect(harness.advance(.seconds(1)).isEmpty) }
        #expect(harness.advance(.seconds(1)).writesIntent)
    }

    @Test func `whoever was told too early an end is told the right one`() {
        var harness = KeeperHarness()
        _ = harness.logIn(KeeperHarness.pair("one"))
        #expect(harness.answerValid(3_700).publishes == ["access-one"])
        _ = harness.advance(.seconds(3_600))
        // Much longer than was told, or without any end.
        #expect(harness.answerValid(14_400).publishes == ["access-one"])
        _ = harness.advance(.seconds(3_600))
        #expect(harness.answerValid(10_800).publishes.isEmpty)
    }
}
