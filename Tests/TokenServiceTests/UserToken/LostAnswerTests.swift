import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

/// The answer to a refresh was lost, or the process was killed: `twitch-protocol` §5.5.
@Suite struct LostAnswerTests {
    /// A refresh was sent, and no answer came.
    private func lost(isPublic: Bool) -> KeeperHarness {
        var harness = KeeperHarness.valid(isPublic: isPublic)
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        _ = harness.writeIntent()
        let actions = harness.answerRefresh(KeeperHarness.lost)
        #expect(actions.spends.isEmpty)
        #expect(harness.stored.intent != nil)
        return harness
    }

    @Test(arguments: [true, false])
    func `when the old token lives, the refresh did not happen and is made again`(isPublic: Bool) {
        var harness = self.lost(isPublic: isPublic)
        #expect(harness.advance(.seconds(2)).validates)
        let alive = harness.answerValid(3_500)
        #expect(alive.contains(.tell(.refreshDidNotHappen)))
        #expect(harness.stored.intent == nil)
        #expect(harness.advance(.seconds(5)).writesIntent)
        #expect(harness.writeIntent().spends == ["refresh-one"])
        _ = harness.answerRefresh("two")
        #expect(harness.keep().publishes == ["access-two"])
    }

    @Test func `when the old token is dead, a public client never sends the refresh token again`() {
        var harness = self.lost(isPublic: true)
        #expect(harness.advance(.seconds(2)).validates)
        let dead = harness.answerValidate(KeeperHarness.dead)
        #expect(dead.errors.count == 1)
        #expect(dead.errors.first?.contains("works only once") == true)
        #expect(dead.withdraws == [Secret("access-one").fingerprint])
        for _ in 0..<100 { #expect(harness.advance(.seconds(3_600)).isEmpty) }
        var restarted = KeeperHarness()
        let start = restarted.send(.stored(harness.stored))
        #expect(start.errors.count == 1)
        #expect(restarted.advance(.seconds(100_000)).isEmpty)
    }

    @Test func `when the old token is dead, a confidential client tries once more`() {
        var harness = self.lost(isPublic: false)
        #expect(harness.advance(.seconds(2)).validates)
        let dead = harness.answerValidate(KeeperHarness.dead)
        #expect(dead.errors.isEmpty)
        #expect(dead.withdraws == [Secret("access-one").fingerprint])
        #expect(harness.advance(.seconds(5)).writesIntent)
        #expect(harness.writeIntent().spends == ["refresh-one"])
        // Refused this time: it is over.
        #expect(harness.answerRefresh(KeeperHarness.refused).errors.count == 1)
        #expect(harness.advance(.seconds(100_000)).isEmpty)
    }

    @Test func `while Twitch cannot be asked, nothing is guessed`() {
        var harness = self.lost(isPublic: true)
        for _ in 0..<50 {
            var actions: [UserTokenKeeper.Action] = []
            while !actions.validates { actions = harness.advance(.seconds(1)) }
            let answer = harness.answerValidate(KeeperHarness.away)
            #expect(answer.spends.isEmpty && !answer.writesIntent && answer.errors.isEmpty)
            #expect(harness.stored.intent != nil)
        }
    }

    @Test(arguments: [true, false])
    func `an intent that is found at the start is settled first`(isPublic: Bool) {
        var stored = StoredTokens()
        var harness = KeeperHarness(isPublic: isPublic)
        let token = KeeperHarness.pair("one", at: harness.now.time, lives: 14_400)
        stored.logIn(token)
        _ = stored.beginRefresh(of: token, at: harness.now.time)
        harness.stored = stored
        let start = harness.send(.stored(stored))
        #expect(start.validates && start.spends.isEmpty)
        // A token in doubt is given to nobody.
        #expect(harness.answerValidate(KeeperHarness.away).publishes.isEmpty)
        #expect(harness.advance(.seconds(10)).validates)
        let dead = harness.answerValidate(KeeperHarness.dead)
        #expect(dead.errors.count == (isPublic ? 1 : 0))
        #expect(harness.stored.user == token)
    }

    @Test func `loss after loss, the pauses of a confidential client grow`() {
        var harness = self.lost(isPublic: false)
        var longest = 0
        for _ in 0..<20 {
            var seconds = 0
            var actions: [UserTokenKeeper.Action] = []
            while !actions.writesIntent {
                actions = harness.advance(.seconds(1))
                seconds += 1
                if actions.validates { actions = harness.answerValidate(KeeperHarness.dead) }
            }
            longest = max(longest, seconds)
            _ = harness.writeIntent()
            _ = harness.answerRefresh(KeeperHarness.lost)
        }
        #expect(longest >= 250)
    }
}
