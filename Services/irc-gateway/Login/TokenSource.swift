import Protocol

/// Whoever knows the newest tokens.
protocol TokenSource: Sendable {
    /// The newest token of a kind (`user` or `app`); nil when there is none.
    func current(_ kind: String) -> TokenIssued?
}
