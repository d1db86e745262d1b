import Protocol
import Testing

@testable import PostgresStore

/// Who writes which part of which producer, whatever the ways between them.
@Suite struct HearingShareTests {
    private static let start = ContinuousClock.now

    /// Each writer's parts, once owners have been deaf for long enough.
    private func parts(
        owners: [Int: Int],
        hearing: [Int: Set<Int>],
        of producer: Int,
        after wait: Duration = OwnerAbsences.patience
    ) -> [Int: Set<Int>] {
        Dictionary(
            uniqueKeysWithValues: hearing.keys.map { writer in
                let share = HearingShare(me: writer, owners: owners, hearing: hearing)
                var absences = OwnerAbsences()
                absences.update(share, now: Self.start)
                absences.update(share, now: Self.start + wait)
                return (writer, share.partitions(of: producer, absences, now: Self.start + wait))
            }
        )
    }

    @Test func `where all hear everybody each writes what it owns, of every producer`() {
        let owners = Dictionary(uniqueKeysWithValues: (0..<32).map { ($0, 1 + $0 % 2) })
        for producer in [5, 6] {
            let parts = parts(owners: owners, hearing: [1: [5, 6], 2: [5, 6]], of: producer)
            #expect(parts[1] == Set(owners.filter { $0.value == 1 }.keys))
            #expect(parts[2] == Set(owners.filter { $0.value == 2 }.keys))
        }
    }

    @Test func `a deputy waits, so that a restart moves nothing`() {
        let owners = Dictionary(uniqueKeysWithValues: (0..<32).map { ($0, 1) })
        #expect(parts(owners: owners, hearing: [1: [], 2: [5]], of: 5, after: .seconds(1))[2] == [])
        #expect(parts(owners: owners, hearing: [1: [], 2: [5]], of: 5)[2] == Set(0..<32))
    }

    @Test func `an owner that hears the producer again has it at once, and its deputy stops`() {
        let owners = [3: 1]
        var share = HearingShare(me: 2, owners: owners, hearing: [1: [], 2: [5]])
        var absences = OwnerAbsences()
        absences.update(share, now: Self.start)
        let later = Self.start + .seconds(9)
        absences.update(share, now: later)
        #expect(share.partitions(of: 5, absences, now: later) == [3])
        share.hearing[1] = [5]
        absences.update(share, now: later)
        #expect(share.partitions(of: 5, absences, now: later) == [])
        share.me = 1
        #expect(share.partitions(of: 5, OwnerAbsences(), now: later) == [3])
    }

    /// Any matrix of who hears whom.
    @Test(arguments: 0..<300)
    func `each part of a producer that anybody hears has one writer, which hears it`(_ seed: Int) {
        var random = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(bound))
        }
        let writers = Array(1...1 + next(6))
        let hearing = Dictionary(
            uniqueKeysWithValues: writers.map { ($0, Set((1...5).filter { _ in next(3) > 0 })) }
        )
        let owners = Dictionary(uniqueKeysWithValues: (0..<32).map { ($0, writers[next(writers.count)]) })
        for producer in 1...5 {
            let parts = parts(owners: owners, hearing: hearing, of: producer)
            let isHeard = hearing.values.contains { $0.contains(producer) }
            #expect(parts.values.reduce(0) { $0 + $1.count } == (isHeard ? 32 : 0))
            #expect(parts.values.reduce(into: Set<Int>()) { $0.formUnion($1) }.count == (isHeard ? 32 : 0))
            #expect(parts.allSatisfy { $0.value.isEmpty || hearing[$0.key]?.contains(producer) == true })
        }
    }
}
