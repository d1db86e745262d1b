/// When a process that ended is started again: at once after a long life, later and later after short ones.
struct RestartPolicy: Sendable {
    /// What to do about an ending.
    enum Decision: Hashable, Sendable {
        case restart(after: Duration)
        /// Starting again cannot help: the configuration is wrong.
        case giveUp
    }

    private var quickFailures = 0

    /// Exit codes (sysexits.h) that mean "as I am set up, I cannot run": usage, no permission to create, configuration.
    static let hopeless: Set<Int32> = [64, 73, 77, 78]

    mutating func ended(_ ending: ChildProcess.Ending, after life: Duration) -> Decision {
        if case .exited(let code) = ending, Self.hopeless.contains(code), life < .seconds(10) { return .giveUp }
        quickFailures = life < .seconds(30) ? quickFailures + 1 : 0
        guard quickFailures > 0 else { return .restart(after: .zero) }
        let milliseconds = 250 << min(quickFailures - 1, 7)
        return .restart(after: min(.milliseconds(milliseconds), .seconds(30)))
    }
}
