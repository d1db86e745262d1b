/// Which reader listens to which channel. No I/O.
///
/// A channel stays with its reader for as long as it is wanted: a changed list never touches other channels.
struct ChannelAssignment: Sendable {
    enum Change: Hashable, Sendable {
        case open(reader: Int)
        case add(String, reader: Int)
        case remove(String, reader: Int)
        /// The reader's last channel is gone.
        case close(reader: Int)
    }

    private let capacity: Int
    private var readers: [Int: Set<String>] = [:]
    private var reader: [String: Int] = [:]
    private var nextReader = 1

    /// `capacity` is how many channels a reader may have.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var wantedCount: Int { reader.count }

    /// The steps from what there is to what is wanted, in order.
    mutating func update(to wanted: some Sequence<String>) -> [Change] {
        let wanted = Array(wanted)
        let keep = Set(wanted)
        var changes: [Change] = []
        for (login, number) in reader.sorted(by: { $0.key < $1.key }) where !keep.contains(login) {
            reader[login] = nil
            readers[number]?.remove(login)
            changes.append(.remove(login, reader: number))
        }
        for login in wanted where reader[login] == nil {
            let number = readerWithSpace() ?? open(&changes)
            reader[login] = number
            readers[number, default: []].insert(login)
            changes.append(.add(login, reader: number))
        }
        for (number, logins) in readers.sorted(by: { $0.key < $1.key }) where logins.isEmpty {
            readers[number] = nil
            changes.append(.close(reader: number))
        }
        return changes
    }

    private func readerWithSpace() -> Int? {
        readers.filter { $0.value.count < capacity }.keys.min()
    }

    private mutating func open(_ changes: inout [Change]) -> Int {
        defer { nextReader += 1 }
        readers[nextReader] = []
        changes.append(.open(reader: nextReader))
        return nextReader
    }
}
