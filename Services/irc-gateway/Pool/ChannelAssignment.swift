/// Which reader listens to which channel. No I/O.
///
/// A channel stays with its reader for as long as it is wanted: a changed list never touches other channels.
struct ChannelAssignment: Sendable {
    enum Change: Hashable, Sendable {
        /// `isAnonymous` when the reader must not use the account.
        case open(reader: Int, isAnonymous: Bool = false)
        case add(String, reader: Int)
        case remove(String, reader: Int)
        /// The reader's last channel is gone.
        case close(reader: Int)
    }

    private struct Reader {
        var logins: Set<String> = []
        var isAnonymous: Bool
    }

    private let capacity: Int
    private var readers: [Int: Reader] = [:]
    private var reader: [String: Int] = [:]
    private var nextReader = 1

    /// `capacity` is how many channels a reader may have.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var wantedCount: Int { reader.count }

    /// The steps from what there is to what is wanted, in order.
    /// Channels in `anonymously` get readers of their own kind, even when that moves them.
    mutating func update(to wanted: some Sequence<String>, anonymously: Set<String> = []) -> [Change] {
        let wanted = Array(wanted)
        let keep = Set(wanted)
        var changes: [Change] = []
        for (login, number) in reader.sorted(by: { $0.key < $1.key }) {
            let isMoving = anonymously.contains(login) && readers[number]?.isAnonymous == false
            guard isMoving || !keep.contains(login) else { continue }
            reader[login] = nil
            readers[number]?.logins.remove(login)
            changes.append(.remove(login, reader: number))
        }
        for login in wanted where reader[login] == nil {
            let isAnonymous = anonymously.contains(login)
            let number = readerWithSpace(isAnonymous: isAnonymous) ?? open(isAnonymous: isAnonymous, &changes)
            reader[login] = number
            readers[number]?.logins.insert(login)
            changes.append(.add(login, reader: number))
        }
        for (number, entry) in readers.sorted(by: { $0.key < $1.key }) where entry.logins.isEmpty {
            readers[number] = nil
            changes.append(.close(reader: number))
        }
        return changes
    }

    private func readerWithSpace(isAnonymous: Bool) -> Int? {
        readers.filter { $0.value.isAnonymous == isAnonymous && $0.value.logins.count < capacity }.keys.min()
    }

    private mutating func open(isAnonymous: Bool, _ changes: inout [Change]) -> Int {
        defer { nextReader += 1 }
        readers[nextReader] = Reader(isAnonymous: isAnonymous)
        changes.append(.open(reader: nextReader, isAnonymous: isAnonymous))
        return nextReader
    }
}
