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

    /// Groups that nobody requires and that are remembered all the same.
    private static let groupLimit = 16

    /// Whether a group's or a database's name is one: 1 to 64 printable ASCII characters without space. Names come over the
    /// bus and go into a file and the log.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// What can be true of a word about these heads: nothing beyond them was ever given to anybody.
    /// - Returns: The offsets up to the heads, and the partitions of which more was said.
    static func believable(_ committed: [Int: Offset], heads: [Offset]) -> (committed: [Int: Offset], beyond: [Int]) {
        var believed: [Int: Offset] = [:]
        var beyond: [Int] = []
        for (partition, offset) in committed where heads.indices.contains(partition) {
            if offset > heads[partition] { beyond.append(partition) }
            believed[partition] = min(offset, heads[partition])
        }
        return (believed, beyond.sorted())
    }

    /// Forgets what is beyond the heads: the file was written by another journal, or an older version believed too much.
    /// The groups say again within half a minute how far they are.
    mutating func forgetBeyond(_ heads: [Offset]) {
        for (name, group) in groups {
            groups[name]?.committed = group.committed.filter { partition, offset in
                heads.indices.contains(partition) && offset <= heads[partition]
            }
        }
    }

    /// Takes over what a group has committed; `file` is named in a refusal. There is always room for those in `required`. Where
    /// the database `replaces` the one that was known, nothing that this one had committed counts any more.
    mutating func acknowledge(
        group: String,
        database: String,
        committed: [Int: Offset],
        partitions: Int,
        file: String,
        required: [String] = ["writer"],
        replaces: Bool = false
    ) throws(AcknowledgeRefused) -> Change {
        let others = groups.keys.count { !required.contains($0) }
        guard groups[group] != nil || required.contains(group) || others < Self.groupLimit else { return .none }
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
