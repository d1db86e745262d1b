import Testing

@testable import token_service

@Suite struct ScheduleTests {
    @Test(arguments: [
        // remaining, lifetime, due; seconds.
        (14_400, 14_400, 10_800), (3_600, 14_400, 0), (5_000, 14_400, 1_400), (60, 60, 45), (900, 900, 675),
        (1_200, 1_200, 600), (2_400, 2_400, 1_800), (-5, 14_400, 0),
    ])
    func `a token is renewed after 75 % of its life, 10 minutes before its end at the latest`(
        remaining: Int,
        lifetime: Int,
        due: Int
    ) {
        #expect(
            RefreshSchedule.due(remaining: .seconds(remaining), lifetime: .seconds(lifetime)) == .seconds(due)
        )
    }

    @Test(arguments: [(14_400, 10_800), (1_000, 400), (600, 0), (60, 0), (0, 0)])
    func `of a token that somebody else obtained only the rest is known`(remaining: Int, due: Int) {
        #expect(RefreshSchedule.due(remaining: .seconds(remaining), lifetime: nil) == .seconds(due))
    }

    @Test func `a token is validated at start and each hour`() {
        var harness = KeeperHarness()
        #expect(harness.logIn(KeeperHarness.pair("one", at: harness.now.time, lives: 14_400)).validates)
        #expect(harness.answerValid().publishes == ["access-one"])
        #expect(harness.advance(.seconds(3_599)).isEmpty)
        #expect(harness.advance(.seconds(1)).validates)
        // The answer takes a while, and nothing else is asked meanwhile.
        #expect(harness.advance(.seconds(5)).isEmpty)
        let actions = harness.answerValid(10_000)
        #expect(actions.publishes.isEmpty)
        #expect(harness.advance(.seconds(3_599)).isEmpty)
        #expect(harness.advance(.seconds(1)).validates)
    }

    @Test func `renewal after renewal, one each three hours, with validations each hour`() {
        var harness = KeeperHarness.valid()
        var refreshes = 0
        var validations = 0
        // 30 days in steps of a minute.
        for _ in 0..<(30 * 24 * 60) {
            let actions = harness.advance(.seconds(60))
            if actions.validates {
                validations += 1
                let remaining = harness.keeper.life.end.map { $0 - harness.now.instant } ?? .zero
                #expect(remaining > .zero)
                let next = harness.answerValid(Int(remaining.components.seconds))
                if next.writesIntent {
                    refreshes += 1
                    _ = harness.refresh(to: "\(refreshes)")
                }
            } else if actions.writesIntent {
                refreshes += 1
                #expect(harness.refresh(to: "\(refreshes)").publishes == ["access-\(refreshes)"])
            }
        }
        #expect((239...240).contains(refreshes))
        #expect((718...720).contains(validations))
    }
}
