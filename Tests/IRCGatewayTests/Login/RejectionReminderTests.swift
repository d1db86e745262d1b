import Protocol
import Testing

@testable import irc_gateway

@Suite struct RejectionReminderTests {
    let start = ContinuousClock.now
    let rejection = TokenRejected(
        kind: "user",
        fingerprint: "bad",
        reason: "Login authentication failed",
        rejectedAt: Timestamp(rawValue: 1)
    )

    @Test func `while the refused token is offered it is told again, ever more seldom`() {
        var reminder = RejectionReminder()
        reminder.refused(rejection, at: start)
        let told = (0...1000).filter { reminder.due(offered: "bad", at: start + .seconds($0)) != nil }
        #expect(told == [3, 13, 73, 373, 673, 973])
    }

    @Test(arguments: [nil, "good"])
    func `once it was taken back or replaced it is not mentioned any more`(offered: String?) {
        var reminder = RejectionReminder()
        reminder.refused(rejection, at: start)
        #expect(reminder.due(offered: offered, at: start + .seconds(1)) == nil)
        #expect(reminder.due(offered: "bad", at: start + .seconds(100)) == nil)
    }

    @Test func `without a refusal there is nothing to say`() {
        var reminder = RejectionReminder()
        #expect(reminder.due(offered: "bad", at: start + .seconds(100)) == nil)
    }
}
