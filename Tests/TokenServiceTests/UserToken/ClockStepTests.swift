import Protocol
import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

/// Somebody sets the wall clock, or it was wrong at the start. Nothing of what is due depends on it.
@Suite struct ClockStepTests {
    private static let steps: [Duration] = [
        .seconds(7_200), .seconds(-7_200), .seconds(-1_800_000_000), .seconds(86_400 * 365 * 20), .seconds(60),
    ]

    @Test(arguments: steps)
    func `a step neither stops validation nor renews anything`(step: Duration) {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(600))
        harness.setClock(by: step)
        let noticed = harness.advance(.seconds(1))
        #expect(!noticed.writesIntent && !noticed.validates)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        for _ in 0..<2_998 { #expect(harness.advance(.seconds(1)).isEmpty) }
        #expect(harness.advance(.seconds(1)).validates)
        #expect(!harness.answerValid(10_800).writesIntent)
        // 75 % of its life are over two hours later.
        #expect(harness.advance(.seconds(3_600)).validates)
        #expect(!harness.answerValid(7_200).writesIntent)
        #expect(harness.advance(.seconds(3_600)).validates)
        #expect(harness.answerValid(3_600).writesIntent)
    }

    @Test(arguments: steps)
    func `whoever has the token gets its times by the new clock, once`(step: Duration) {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(600))
        harness.setClock(by: step)
        let noticed = harness.advance(.seconds(1))
        #expect(noticed.contains { if case .tell(.clockSet) = $0 { true } else { false } })
        #expect(noticed.publishes == ["access-one"])
        let end = harness.now.time(of: harness.now.instant + .seconds(14_400 - 601))
        #expect(harness.stored.user?.expiresAt == end)
        #expect(harness.advance(.seconds(1)).isEmpty)
    }

    @Test(arguments: steps)
    func `a step between Twitch's answer and the disk does not shorten or lengthen the life`(step: Duration) {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh("two")
        harness.setClock(by: step)
        _ = harness.keep()
        #expect(harness.keeper.life.end.map { $0 - harness.now.instant } == .seconds(14_400))
    }

    @Test(arguments: [1_800_000_000, -1_800_000_000, 7_200, -7_200] as [Int64])
    func `a login that was stored under a wrong clock is renewed when it is time`(wrong: Int64) {
        var harness = KeeperHarness()
        let then = Timestamp(rawValue: harness.now.time.rawValue + wrong * 1000)
        #expect(harness.logIn(KeeperHarness.pair("one", at: then, lives: 14_400)).validates)
        let actions = harness.answerValid(14_400)
        #expect(actions.publishes == ["access-one"] && !actions.writesIntent)
        // The whole life is known again, and both times are of one clock.
        #expect(harness.keeper.refreshDue == harness.now.instant + .seconds(10_800))
        #expect(harness.stored.user?.obtainedAt == harness.now.time)
    }

    @Test func `times that no clock can have written are unknown, and nothing traps`() {
        let first = Timestamp(rawValue: -62_167_219_200_000)
        let last = Timestamp(rawValue: 253_402_300_799_999)
        for obtained in [nil, first, last, Timestamp(rawValue: 0)] {
            for expires in [nil, first, last, Timestamp(rawValue: 0)] {
                var harness = KeeperHarness()
                var token = KeeperHarness.pair("one")
                token.obtainedAt = obtained
                token.expiresAt = expires
                token.validatedAt = obtained
                #expect(harness.logIn(token).validates)
                let actions = harness.answerValid(nil)
                #expect(actions.publishes == ["access-one"])
                #expect(!actions.writesIntent)
                #expect(harness.advance(.seconds(3_600)).validates)
            }
        }
    }

    @Test func `moments far away are the nearest that has a text`() {
        let now = Moment(instant: .now, time: Timestamp(rawValue: 1_800_000_000_000))
        #expect("\(now.time(of: now.instant + .seconds(Int64.max)))".hasPrefix("9999-12-31"))
        #expect("\(now.time(of: now.instant - .seconds(Int64.max)))".hasPrefix("0000-01-01"))
        #expect(now.time(of: now.instant + .milliseconds(1_500)).rawValue == 1_800_000_001_500)
    }
}
