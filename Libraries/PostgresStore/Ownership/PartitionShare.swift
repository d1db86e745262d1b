/// How the writers of one database share its partitions: a decision without I/O.
///
/// Each writer looks at the same locks and decides alone. Nobody takes what another has; who has more than a fair
/// share gives up the rest; who has less takes what is free. Since the shares together are at least all partitions,
/// all of them are taken once everybody has looked.
struct PartitionShare: Hashable, Sendable {
    /// How many writers there are, this one included.
    var members: Int
    /// What this one has.
    var owned: Set<Int>
    /// What others have.
    var foreign: Set<Int>
    /// How many there are to share.
    var count: Int

    /// The most that this writer may have.
    var target: Int { (count + max(1, members) - 1) / max(1, members) }

    /// What it is to give up.
    var released: [Int] {
        owned.count > target ? Array(owned.sorted().suffix(owned.count - target)) : []
    }

    /// What it is to try to take, in this order. `start` is another for each writer, so that those who look at the same
    /// time do not all try the same ones.
    func candidates(startingAt start: Int) -> [Int] {
        guard owned.count < target, count > 0 else { return [] }
        let free = (0..<count).map { (start % count + $0) % count }.filter {
            !owned.contains($0) && !foreign.contains($0)
        }
        return Array(free.prefix(target - owned.count))
    }
}
