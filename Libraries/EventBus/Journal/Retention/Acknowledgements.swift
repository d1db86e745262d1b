import Protocol

/// `acknowledged.json`: what each follower group's database has committed.
struct Acknowledgements: Hashable, Sendable, Codable {
    struct Group: Hashable, Sendable, Codable {
        /// The database that acknowledged first.
        var database: String
        var committed: [Int: Offset]
    }

    enum Change: Hashable {
        case none
        case progress
        /// The database was not known before: it must be on disk before anything depends on it.
        case newGroup
        /// A person has put another database in the place of the one that was known.
        case replaced
    }

    private(set) var groups: [String: Group] = [:]

    static func path(in directory: String) -> String { directory + "/acknowledged.json" }

    /// Names come over the bus: a stranger must not fill the disk with them.
    private static let groupLimit = 64

    /// Takes over what a group has committed; `file` is named in a refusal. Where the database `replaces` the one that was
    /// known, nothing that this one had committed counts any more.
    mutating func acknowledge(
        group: String,
        database: String,
        committed: [Int: Offset],
        partitions: Int,
        file: String,
        replaces: Bool = false
    ) throws(AcknowledgeRefused) -> Change {
        guard groups[group] != nil || groups.count < Self.groupLimit else { return .none }
        var known = groups[group] ?? Group(database: database, committed: [:])
        let isReplaced = replaces && known.database != database
        if isReplaced { known = Group(database: database, committed: [:]) }
        guard known.database == database else {
            throw AcknowledgeRefused(group: group, expected: known.database, received: database, file: file)
        }
        var change = isReplaced ? Change.replaced : groups[group] == nil ? .newGroup : .none
        for (partition, offset) in committed where (0..<partitions).contains(partition) {
            guard offset > known.committed[partition] ?? .zero else { continue }
            known.committed[partition] = offset
            if change == .none { change = .progress }
        }
        groups[group] = known
        return change
    }

    /// Whether a group's database has less than it said before: it has failed over to an older state. What was said stays, as
    /// an older word may come late.
    func isSetBack(group: String, committed: [Int: Offset]) -> Bool {
        guard let known = groups[group]?.committed else { return false }
        return committed.contains { partition, offset in known[partition].map { offset < $0 } ?? false }
    }

    /// How far all the required groups have come in a partition; nil where no group is required.
    func committed(by required: [String], partition: Int) -> Offset? {
        required.map { groups[$0]?.committed[partition] ?? .zero }.min()
    }
}
