/// What one writer of an archive writes, and whom nobody hears.
package struct Ownership: Hashable, Sendable {
    /// The partitions whose owner it is.
    package var partitions: Set<Int>
    /// What it writes of each producer that it hears: of its own partitions, and of those whose owner does not hear the
    /// producer. Of any other producer it writes nothing.
    package var producers: [String: Set<Int>]
    /// The producers that other writers hear and it does not.
    package var elsewhere: Set<String>
    /// The known producers that no writer hears, by their ids.
    package var unheard: [UnheardProducer]
    /// The producers that it hears and must not follow, and why: one line each.
    package var refused: [String: String]

    package init(
        partitions: Set<Int>,
        producers: [String: Set<Int>] = [:],
        elsewhere: Set<String> = [],
        unheard: [UnheardProducer] = [],
        refused: [String: String] = [:]
    ) {
        self.partitions = partitions
        self.producers = producers
        self.elsewhere = elsewhere
        self.unheard = unheard
        self.refused = refused
    }
}
