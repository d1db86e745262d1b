import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import token_service

/// The token file, or the lock of the one refresher, disappears under a running service.
@Suite struct LostFileTests {
    @Test func `a file that is removed is written again with all that it held`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.stored(harness.stored))
        let before = harness.stored
        harness.stored = StoredTokens()
        let actions = harness.send(.stored(nil))
        #expect(actions.withdraws.isEmpty)
        #expect(harness.stored.user == before.user)
        #expect(harness.stored.seen == before.seen)
        #expect(harness.send(.stored(harness.stored)).isEmpty)
        #expect(harness.advance(.seconds(20)).isEmpty)
    }

    @Test func `where it cannot be written it is tried again, and the token stays in use`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.stored(harness.stored))
        // The harness is told of no action: the disk refuses.
        var keeper = harness.keeper
        var restores = 0
        for second in 0..<60 {
            let event: UserTokenKeeper.Event = second == 0 ? .stored(nil) : .tick
            let now = Moment(instant: harness.now.instant + .seconds(second), time: harness.now.time)
            restores += keeper.handle(event, at: now).count { if case .restore = $0 { true } else { false } }
        }
        #expect((5...7).contains(restores))
        #expect(keeper.published != nil)
    }

    @Test func `a logout in the meantime wins`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.stored(harness.stored))
        harness.stored.logOut()
        // The file was seen missing for a moment; by the time it would be written, a logout is there.
        _ = harness.send(.stored(nil))
        #expect(harness.stored.user == nil)
        #expect(harness.send(.stored(harness.stored)).withdraws.count == 1)
    }

    @Test func `a new pair is stored although the file is gone`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.writeIntent()
        _ = harness.answerRefresh("two")
        harness.stored = StoredTokens()
        _ = harness.send(.stored(nil))
        #expect(harness.keep().publishes == ["access-two"])
        #expect(harness.stored.user?.refreshToken?.reveal() == "refresh-two")
    }

    @Test func `a backup with a refresh token that was exchanged is not used`() {
        var harness = KeeperHarness.valid()
        let backup = harness.stored
        _ = harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401"))
        _ = harness.refresh(to: "two")
        _ = harness.send(.stored(harness.stored))
        harness.stored = backup
        let actions = harness.send(.stored(backup))
        #expect(!actions.validates && actions.publishes.isEmpty && actions.withdraws.isEmpty)
        #expect(harness.stored.user?.accessToken.reveal() == "access-two")
    }

    @Test func `while the file cannot be used the token is validated and not renewed`() {
        var harness = KeeperHarness.valid()
        _ = harness.send(.unreadable("cannot be read"))
        #expect(harness.advance(.seconds(3_600)).validates)
        _ = harness.answerValid(10_800)
        #expect(harness.advance(.seconds(3_600)).validates)
        _ = harness.answerValid(600)
        for _ in 0..<100 { #expect(!harness.advance(.seconds(5)).writesIntent) }
        #expect(harness.keeper.obstacle(at: harness.now) == "cannot be read")
        #expect(harness.send(.stored(harness.stored)).writesIntent)
    }

    @Test func `without the lock nothing is renewed, which is told once`() {
        var harness = KeeperHarness.valid()
        #expect(harness.send(.lock(.held)).isEmpty)
        #expect(harness.send(.lock(.lost("taken"))).errors == ["taken"])
        #expect(harness.send(.lock(.lost("taken"))).isEmpty)
        #expect(harness.keeper.obstacle(at: harness.now) == "taken")
        #expect(!harness.send(.rejected(fingerprint: Secret("access-one").fingerprint, reason: "401")).writesIntent)
        #expect(harness.advance(.seconds(3_600)).validates)
        let back = harness.send(.lock(.mended))
        #expect(back.contains(.tell(.lockRestored)))
        #expect(harness.answerValid(10_800).writesIntent)
        #expect(harness.keeper.obstacle(at: harness.now) == nil)
    }
}
