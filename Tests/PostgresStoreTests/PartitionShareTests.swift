import Testing

@testable import PostgresStore

@Suite struct PartitionShareTests {
    /// Writers that look at one table of locks in turn, or all at once, as the server shows it to them.
    private struct Writers {
        var holders: [Int: Int] = [:]
        var members: Set<Int>

        mutating func look(_ member: Int) {
            let share = share(of: member)
            for partition in share.released { holders[partition] = nil }
            for partition in self.share(of: member).candidates(startingAt: member * 11) {
                holders[partition] = member
            }
        }

        /// All decide upon the same sight; of those who try the same lock the first gets it.
        mutating func lookAtOnce() {
            let shares = members.sorted().map { ($0, share(of: $0)) }
            for (_, share) in shares {
                for partition in share.released { holders[partition] = nil }
            }
            for (member, share) in shares {
                for partition in share.candidates(startingAt: member * 11) where holders[partition] == nil {
                    holders[partition] = member
                }
            }
        }

        func share(of member: Int) -> PartitionShare {
            PartitionShare(
                members: members.count,
                owned: Set(holders.filter { $0.value == member }.keys),
                foreign: Set(holders.filter { $0.value != member }.keys),
                count: 32
            )
        }

        mutating func leave(_ member: Int) {
            members.remove(member)
            holders = holders.filter { $0.value != member }
        }

        var loads: [Int] { members.map { member in holders.values.count { $0 == member } } }
    }

    @Test(arguments: 1...40)
    func `any number of writers shares all partitions within a few looks`(_ count: Int) {
        var writers = Writers(members: Set(1...count))
        for _ in 0..<40 { writers.lookAtOnce() }
        #expect(writers.holders.count == 32)
        #expect(writers.loads.allSatisfy { $0 <= (32 + count - 1) / count })
    }

    @Test func `one after the other they settle in two rounds`() {
        var writers = Writers(members: [1])
        writers.look(1)
        #expect(writers.loads == [32])
        writers.members = Set(1...8)
        for _ in 0..<2 {
            for member in 1...8 { writers.look(member) }
        }
        #expect(writers.holders.count == 32)
        #expect(writers.loads.allSatisfy { $0 == 4 })
    }

    @Test func `what a writer leaves behind is taken at the next look, and nobody gives up anything`() {
        var writers = Writers(members: Set(1...4))
        for _ in 0..<40 { writers.lookAtOnce() }
        let before = writers.holders
        writers.leave(2)
        let left = writers.holders
        for member in writers.members.sorted() { writers.look(member) }
        #expect(writers.holders.count == 32)
        #expect(left.allSatisfy { writers.holders[$0.key] == before[$0.key] })
    }

    @Test(arguments: 0..<200)
    func `writers that come and go at random always share all of it again`(_ seed: UInt64) {
        var random = seed &* 6_364_136_223_846_793_005 &+ 1
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(bound))
        }
        var writers = Writers(members: [0])
        var newest = 0
        for _ in 0..<60 {
            switch next(4) {
            case 0 where writers.members.count < 12:
                newest += 1
                writers.members.insert(newest)
            case 1 where writers.members.count > 1:
                writers.leave(writers.members.sorted()[next(writers.members.count)])
            case 2: writers.lookAtOnce()
            default: writers.look(writers.members.sorted()[next(writers.members.count)])
            }
        }
        for _ in 0..<40 { writers.lookAtOnce() }
        #expect(writers.holders.count == 32)
        let most = (32 + writers.members.count - 1) / writers.members.count
        #expect(writers.loads.allSatisfy { $0 <= most })
    }
}
