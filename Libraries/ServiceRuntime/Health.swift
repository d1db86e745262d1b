/// What `/health/ready` says. Parts report; the service is ready when every part is.
package final class Health: Sendable {
    package init() {}
    /// `part` is a stable word such as `irc`; `reason` is one line for a person, nil when the part is ready.
    package func report(_ part: String, reason: String?) { fatalError("stub") }
}
