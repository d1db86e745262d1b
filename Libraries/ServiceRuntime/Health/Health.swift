import Synchronization

/// What `/health/ready` says. Parts report; the service is ready when every part is.
package final class Health: Sendable {
    private let reasons = Mutex<[String: String?]>([:])

    /// Without parts, and therefore ready.
    package init() {}

    /// `part` is a stable word such as `irc`; `reason` is one line for a person, nil when the part is ready.
    package func report(_ part: String, reason: String?) {
        self.reasons.withLock { _ = $0.updateValue(reason, forKey: part) }
    }

    /// All parts as they are now.
    package var parts: [Part] {
        self.reasons.withLock { reasons in
            reasons.map { Part(name: $0.key, reason: $0.value) }.sorted { $0.name < $1.name }
        }
    }

    /// One part of the service.
    package struct Part: Hashable, Sendable {
        /// A stable word such as `irc`.
        package var name: String
        /// Why it is not ready; nil when it is.
        package var reason: String?
    }
}
