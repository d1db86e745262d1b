/// What was asked in several requests, and how far it was answered.
package struct HelixAnswer<Item: Sendable>: Sendable {
    /// A request that failed, and whom it concerns.
    package struct Failure: Sendable {
        /// The logins or ids of that request.
        package var asked: [String]
        package var error: HelixError

        package init(asked: [String], error: HelixError) {
            self.asked = asked
            self.error = error
        }
    }

    package var items: [Item] = []
    /// The logins or ids that were answered: who of them is missing from `items` is not there. Whoever an item that could
    /// not be read may be about is not among them.
    package var answered: Set<String> = []
    /// Logins or ids that Twitch does not accept at all.
    package var refused: [String] = []
    package var failures: [Failure] = []
    /// Items that could not be read, and lists that were null: nothing is known of what they were about.
    package var unreadable = 0

    package init() {}

    mutating func add(_ other: HelixAnswer) {
        items += other.items
        answered.formUnion(other.answered)
        refused += other.refused
        failures += other.failures
        unreadable += other.unreadable
    }
}
