import Synchronization

/// What `/health/ready` says. Parts report; the service is ready when every part is.
package final class Health: Sendable {
    private let current = Mutex<[String: Part]>([:])

    /// Without parts, and therefore ready.
    package init() {}

    /// `part` is a stable word such as `irc`; `reason` is one line for a person, nil when the part is ready; `detail` is
    /// one line worth knowing that keeps nobody from working.
    package func report(_ part: String, reason: String?, detail: String? = nil) {
        self.current.withLock { $0[part] = Part(name: part, reason: reason, detail: detail) }
    }

    /// All parts as they are now.
    package var parts: [Part] {
        self.current.withLock { $0.values.sorted { $0.name < $1.name } }
    }

    /// One part of the service.
    package struct Part: Hashable, Sendable {
        /// A stable word such as `irc`.
        package var name: String
        /// Why it is not ready; nil when it is.
        package var reason: String?
        /// What is worth knowing all the same.
        package var detail: String?
    }
}
