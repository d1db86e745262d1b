import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

@Suite struct RefreshTests {
    @Test func `the intent is on disk before the request, and the new pair before anybody gets it`() {
        var harness = KeeperHarness.valid()
        let due = harness.advance(.seconds(10_800))
        // The hourly validation comes first, because it is overdue by two.
        #expect(due.validates)
        let begin = harness.answerValid(3_600)
        #expect(begin.writesIntent && begin.spends.isEmpty)
        let sent = harness.writeIntent()
        #expect(sent.spends == ["refresh-one"])
        let answered = harness.answerRefresh("two")
        #expect(answered.publishes.isEmpty)
        #expect(harness.stored.user?.accessToken.reveal() == "access-one")
        let kept = harness.keep()
        #expect(kept.publishes == ["access-two"])
        #expect(harness.stored.user?.refreshToken?.reveal() == "refresh-two")
        #expect(harness.stored.intent == nil)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
    }

    @Test func `without an intent on disk nothing is sent`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        let failure = StorageFailure(TokenFileError.inputOutput(path: "tokens.json", reason: "the disk is full"))
        let actions = harness.send(.intentWritten(harness.keeper.attempt, .failure(failure)))
        #expect(actions.spends.isEmpty && actions.troubles == 1)
        #expect(harness.keeper.obstacle(at: harness.now)?.contains("the disk is full") == true)
        #expect(harness.advance(.seconds(2)).writesIntent)
        #expect(harness.refresh(to: "two").publishes == ["access-two"])
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
    }

    @Test func `a new pair that cannot be stored is kept and stored later, and not used before`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        _ = harness.writeIntent()
        _ = harness.answerRefresh("two")
        let failure = StorageFailure(TokenFileError.inputOutput(path: "tokens.json", reason: "the disk is full"))
        for _ in 0..<10 {
            #expect(harness.send(.kept(harness.keeper.attempt, .failure(failure))).publishes.isEmpty)
            let again = harness.advance(.seconds(300))
            #expect(again.contains { if case .keep = $0 { true } else { false } })
        }
        #expect(harness.keep().publishes == ["access-two"])
    }

    @Test func `a refused refresh is final and told once`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        _ = harness.writeIntent()
        let actions = harness.answerRefresh(KeeperHarness.refused)
        #expect(actions.errors.count == 1)
        #expect(actions.errors.first?.contains("collector auth login") == true)
        #expect(actions.withdraws == [Secret("access-one").fingerprint])
        #expect(harness.stored.refusal != nil)
        #expect(harness.keeper.obstacle(at: harness.now)?.contains("collector auth login") == true)
        for _ in 0..<100 { #expect(harness.advance(.seconds(3_600)).isEmpty) }

        // Nor after a restart: a refresh token that was spent must not be shown to Twitch again.
        var restarted = KeeperHarness()
        let start = restarted.send(.stored(harness.stored))
        #expect(start.errors.count == 1 && !start.validates)
        #expect(restarted.advance(.seconds(100_000)).isEmpty)

        // A login mends it.
        restarted.stored = harness.stored
        #expect(restarted.logIn(KeeperHarness.pair("new")).validates)
        #expect(restarted.answerValid().publishes == ["access-new"])
        #expect(restarted.keeper.obstacle(at: restarted.now) == nil)
    }

    @Test func `network trouble is tried again with growing pauses, told once, and over`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        var pauses: [Int] = []
        var told = 0
        for _ in 0..<12 {
            _ = harness.writeIntent()
            told += harness.answerRefresh(KeeperHarness.away).troubles
            #expect(harness.stored.intent == nil)
            // The token lives: nobody is to be alarmed.
            #expect(harness.keeper.obstacle(at: harness.now) == nil)
            var seconds = 0
            while !harness.advance(.seconds(1)).writesIntent { seconds += 1 }
            pauses.append(seconds)
        }
        #expect(told == 1)
        #expect(pauses.sorted() == pauses)
        #expect((pauses.last ?? 0) >= 290 && (pauses.last ?? 0) <= 300)
        #expect(harness.refresh(to: "two").contains(.tell(.troubleOver)))
        _ = harness.advance(.seconds(1_000))
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
    }

    @Test func `an outage that outlives the token makes the service unready`() {
        var harness = KeeperHarness.valid()
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValidate(KeeperHarness.away)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        _ = harness.advance(.seconds(3_600))
        #expect(harness.keeper.obstacle(at: harness.now) != nil)
    }

    @Test func `when only validations fail, the refresh is not held up`() {
        var harness = KeeperHarness.valid()
        #expect(harness.advance(.seconds(10_800)).validates)
        #expect(harness.answerValidate(KeeperHarness.away).troubles == 1)
        #expect(harness.advance(.seconds(2)).writesIntent)
        #expect(harness.refresh(to: "two").publishes == ["access-two"])
    }

    @Test func `a wrong client secret is told once, and the token is used while it lives`() {
        var harness = KeeperHarness.valid(isPublic: false)
        _ = harness.advance(.seconds(10_800))
        _ = harness.answerValid(3_600)
        _ = harness.writeIntent()
        let error = OAuthError(.clientRefused, "answered 403: invalid client secret", status: 403)
        let actions = harness.answerRefresh(error)
        #expect(actions.errors.first?.contains("TWITCH_CLIENT_SECRET") == true)
        #expect(actions.withdraws.isEmpty)
        #expect(harness.stored.intent == nil && harness.stored.refusal == nil)
        #expect(!harness.advance(.seconds(60)).writesIntent)
    }

    @Test func `a token that cannot be renewed is used to its end, and then told`() {
        var harness = KeeperHarness()
        var token = KeeperHarness.pair("one")
        token.refreshToken = nil
        _ = harness.logIn(token)
        #expect(harness.answerValid(7_000).publishes == ["access-one"])
        #expect(harness.advance(.seconds(3_600)).validates)
        _ = harness.answerValid(3_400)
        #expect(harness.advance(.seconds(3_600)).validates)
        let end = harness.answerValidate(KeeperHarness.dead)
        #expect(end.errors.count == 1)
        #expect(end.withdraws == [Secret("access-one").fingerprint])
    }

    @Test func `a token of another application is not refreshed with ours`() {
        var harness = KeeperHarness(id: "another-client")
        _ = harness.logIn(KeeperHarness.pair("one", at: harness.now.time, lives: 14_400))
        let actions = harness.answerValid()
        #expect(actions.publishes == ["access-one"])
        #expect(actions.errors.first?.contains("another-client") == true)
        #expect(harness.advance(.seconds(14_000)).validates)
        #expect(harness.answerValid(400).errors.isEmpty)
    }

    @Test func `a token without chat:read is told, validated and not renewed because chat refuses it`() {
        var harness = KeeperHarness()
        _ = harness.logIn(KeeperHarness.pair("one"))
        let actions = harness.answerValid(scopes: ["user:read:chat"])
        #expect(actions.contains { if case .tell(.lacksChatRead) = $0 { true } else { false } })
        _ = harness.advance(.seconds(60))
        let rejected = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "login"))
        #expect(!rejected.writesIntent && rejected.validates)
        _ = harness.answerValid(scopes: ["user:read:chat"])
        #expect(harness.advance(.seconds(3_600)).validates)
    }

    @Test func `a refresh token alone gets its first access token at once`() {
        var harness = KeeperHarness()
        let actions = harness.logIn(StoredToken(accessToken: Secret(""), refreshToken: Secret("refresh-one")))
        #expect(actions.writesIntent && !actions.validates)
        _ = harness.writeIntent()
        _ = harness.answerRefresh("two")
        let kept = harness.keep()
        #expect(kept.publishes == ["access-two"])
        // Whose it is has to be asked.
        #expect(kept.validates)
    }

    @Test func `without a login nothing is done, which is told once and is no fault`() {
        var harness = KeeperHarness()
        #expect(harness.send(.stored(nil)) == [.tell(.noAccount)])
        #expect(harness.advance(.seconds(100_000)).isEmpty)
        #expect(harness.send(.stored(nil)).isEmpty)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        #expect(harness.keeper.isSettled)
    }
}
