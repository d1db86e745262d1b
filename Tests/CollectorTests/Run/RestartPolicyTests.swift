import Testing

@testable import collector

@Suite struct RestartPolicyTests {
    @Test func `starts again at once after a long life`() {
        var policy = RestartPolicy()
        #expect(policy.ended(.signalled(9), after: .seconds(600)) == .restart(after: .zero))
    }

    @Test func `waits longer after each short life, and never more than half a minute`() {
        var policy = RestartPolicy()
        let delays = (0..<12).map { _ in policy.ended(.exited(70), after: .milliseconds(5)) }
        #expect(
            delays.prefix(3) == [
                .restart(after: .milliseconds(250)), .restart(after: .milliseconds(500)), .restart(after: .seconds(1)),
            ]
        )
        #expect(delays.last == .restart(after: .seconds(30)))
    }

    @Test func `a long life wipes the short ones out`() {
        var policy = RestartPolicy()
        _ = policy.ended(.exited(70), after: .zero)
        _ = policy.ended(.exited(70), after: .zero)
        _ = policy.ended(.exited(0), after: .seconds(31))
        #expect(policy.ended(.exited(70), after: .zero) == .restart(after: .milliseconds(250)))
    }

    @Test(arguments: [64, 73, 77, 78] as [Int32])
    func `gives up when starting again cannot help`(code: Int32) {
        var policy = RestartPolicy()
        #expect(policy.ended(.exited(code), after: .milliseconds(100)) == .giveUp)
    }

    @Test func `a wrong configuration that appears while it runs is tried again`() {
        var policy = RestartPolicy()
        #expect(policy.ended(.exited(78), after: .seconds(60)) == .restart(after: .zero))
    }
}
