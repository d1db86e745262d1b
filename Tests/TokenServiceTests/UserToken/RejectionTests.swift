import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

@Suite struct RejectionTests {
    private let one = Secret("access-one").fingerprint

    @Test func `the current token is renewed at once, and once although several tell it`() {
        var harness = KeeperHarness.valid()
        let first = harness.send(.rejected(fingerprint: self.one, reason: "Login authentication failed"))
        #expect(first.writesIntent)
        #expect(!harness.send(.rejected(fingerprint: self.one, reason: "401")).writesIntent)
        #expect(harness.writeIntent().spends == ["refresh-one"])
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).isEmpty)
        _ = harness.answerRefresh("two")
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).isEmpty)
        #expect(harness.keep().publishes == ["access-two"])
        // By now it is an old one.
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).isEmpty)
        #expect(harness.advance(.seconds(60)).isEmpty)
    }

    @Test func `a token that is rejected again and again is renewed more and more rarely`() {
        var harness = KeeperHarness.valid()
        var waits: [Int] = []
        for number in 0..<12 {
            let fingerprint = harness.keeper.token?.accessToken.fingerprint ?? ""
            var actions = harness.send(.rejected(fingerprint: fingerprint, reason: "Login unsuccessful"))
            var seconds = 0
            while !actions.writesIntent {
                actions = harness.advance(.seconds(1))
                seconds += 1
                if actions.validates { actions = harness.answerValid(10_000) }
            }
            waits.append(seconds)
            _ = harness.refresh(to: "r\(number)")
        }
        #expect(waits.first == 0)
        #expect(waits[1] >= 30)
        #expect((waits.last ?? 0) >= 1_800)
    }

    @Test func `a token that Twitch calls invalid is taken back and renewed`() {
        var harness = KeeperHarness.valid()
        #expect(harness.advance(.seconds(3_600)).validates)
        let dead = harness.answerValidate(KeeperHarness.dead)
        #expect(dead.withdraws == [self.one])
        #expect(dead.writesIntent)
        #expect(harness.refresh(to: "two").publishes == ["access-two"])
    }

    @Test func `rejections do not break into a pause after trouble`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: self.one, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh(KeeperHarness.away)
        #expect(!harness.send(.rejected(fingerprint: self.one, reason: "401")).writesIntent)
        #expect(harness.advance(.seconds(2)).writesIntent)
    }

    @Test func `a token that cannot be renewed is validated`() {
        var harness = KeeperHarness()
        var token = KeeperHarness.pair("one")
        token.refreshToken = nil
        _ = harness.logIn(token)
        _ = harness.answerValid()
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).isEmpty)
        #expect(harness.advance(.seconds(60)).isEmpty)
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).validates)
        #expect(harness.answerValid().errors.isEmpty)
        #expect(harness.send(.rejected(fingerprint: self.one, reason: "401")).isEmpty)
    }
}
