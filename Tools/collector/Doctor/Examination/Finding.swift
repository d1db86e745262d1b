/// What one check found.
struct Finding: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case fine
        /// With the status that the command ends with when this is the first thing that is wrong.
        case wrong(status: Int32)
        /// Something that it needs is not fine.
        case skipped
        /// There is nothing to look at, and nothing is missed.
        case notApplicable
    }

    var check: String
    var outcome: Outcome
    /// One line: what was found, or why nothing was looked at.
    var text: String
    /// What to do about it, where the text does not say so itself.
    var advice: String?

    var isWrong: Bool {
        if case .wrong = outcome { true } else { false }
    }

    /// Whether checks that need this one make sense.
    var isObstacle: Bool { isWrong || outcome == .skipped }
}
