import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

@Suite struct FileChangeTests {
    @Test func `a login during a refresh wins, and the refresh's result is dropped`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        #expect(harness.logIn(KeeperHarness.pair("new")).validates)
        let attempt = harness.keeper.attempt
        let grant = TokenGrant(accessToken: Secret("late"), refreshToken: nil, expiresIn: .seconds(1))
        #expect(harness.send(.refreshed(attempt - 1, .success(grant))) == [.tell(.superseded)])
        #expect(harness.answerValid().publishes == ["access-new"])
        #expect(harness.stored.user?.accessToken.reveal() == "access-new")
    }

    @Test func `a login between the answer and the disk wins too`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh("two")
        // On disk already, and not seen yet.
        harness.stored.logIn(KeeperHarness.pair("new"))
        let kept = harness.keep()
        #expect(kept.contains(.reread) && kept.publishes.isEmpty)
        #expect(harness.send(.stored(harness.stored)).validates)
        #expect(harness.answerValid().publishes == ["access-new"])
    }

    @Test func `our own change of the file is not taken for a login`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        #expect(harness.send(.stored(harness.stored)).isEmpty)
        _ = harness.answerRefresh("two")
        guard case .keeping(let intent, let token) = harness.keeper.activity else {
            Issue.record("not keeping")
            return
        }
        #expect(harness.stored.completeRefresh(intent, with: token) == true)
        #expect(harness.send(.stored(harness.stored)).isEmpty)
        #expect(harness.send(.kept(harness.keeper.attempt, .success(true))).publishes == ["access-two"])
        #expect(harness.send(.stored(harness.stored)).isEmpty)
    }

    @Test func `a logout takes the token back`() {
        var harness = KeeperHarness.valid()
        harness.stored.logOut()
        let actions = harness.send(.stored(harness.stored))
        #expect(actions.withdraws == [Secret("access-one").fingerprint])
        #expect(actions.contains(.tell(.noAccount)))
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        #expect(harness.advance(.seconds(100_000)).isEmpty)
    }

    @Test func `a file that cannot be used is told once, and what is in use stays`() {
        var harness = KeeperHarness.valid()
        #expect(harness.send(.unreadable("damaged")).errors == ["damaged"])
        #expect(harness.send(.unreadable("damaged")).isEmpty)
        #expect(harness.keeper.obstacle(at: harness.now) == "damaged")
        #expect(harness.keeper.published != nil)
        _ = harness.send(.stored(harness.stored))
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
        #expect(harness.advance(.seconds(3_600)).validates)
    }

    @Test func `a file that was unusable for a while does not make a refused login good`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh(KeeperHarness.refused)
        _ = harness.send(.unreadable("damaged"))
        _ = harness.send(.stored(harness.stored))
        #expect(harness.advance(.seconds(100_000)).isEmpty)
        #expect(harness.keeper.obstacle(at: harness.now)?.contains("collector auth login") == true)
    }

    @Test func `after a restart during an outage the stored token is offered while it should live`() {
        var harness = KeeperHarness()
        _ = harness.logIn(KeeperHarness.pair("one", at: harness.now.time, lives: 14_400))
        #expect(!harness.keeper.isSettled)
        let actions = harness.answerValidate(KeeperHarness.away)
        #expect(actions.publishes == ["access-one"])
        #expect(harness.keeper.isSettled)

        var expired = KeeperHarness()
        _ = expired.logIn(KeeperHarness.pair("one", at: expired.now.time, lives: -10))
        #expect(expired.answerValidate(KeeperHarness.away).publishes.isEmpty)
        #expect(expired.keeper.obstacle(at: expired.now) != nil)
    }

    @Test func `a stop begins nothing new, and lets a refresh end`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.send(.stop)
        #expect(!harness.keeper.isQuiet)
        _ = harness.answerRefresh("two")
        #expect(!harness.keeper.isQuiet)
        #expect(harness.keep().publishes == ["access-two"])
        #expect(harness.keeper.isQuiet)
        #expect(harness.advance(.seconds(100_000)).isEmpty)
    }

    @Test func `a stop between intent and request sends nothing`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.send(.stop)
        let actions = harness.writeIntent()
        #expect(actions.spends.isEmpty)
        #expect(harness.stored.intent == nil)
        #expect(harness.keeper.isQuiet)
    }
}
