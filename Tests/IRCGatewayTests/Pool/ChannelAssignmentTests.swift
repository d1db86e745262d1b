import Testing

@testable import irc_gateway

@Suite struct ChannelAssignmentTests {
    @Test func `readers are opened as channels need them`() {
        var assignment = ChannelAssignment(capacity: 2)
        #expect(
            assignment.update(to: ["a", "b", "c"]) == [
                .open(reader: 1), .add("a", reader: 1), .add("b", reader: 1), .open(reader: 2), .add("c", reader: 2),
            ]
        )
        #expect(assignment.update(to: ["a", "b", "c"]) == [])
    }

    @Test func `a changed list touches only what changed`() {
        var assignment = ChannelAssignment(capacity: 2)
        _ = assignment.update(to: ["a", "b", "c"])
        #expect(assignment.update(to: ["c", "b", "d"]) == [.remove("a", reader: 1), .add("d", reader: 1)])
    }

    @Test func `a reader without channels is closed and its number not used again`() {
        var assignment = ChannelAssignment(capacity: 2)
        _ = assignment.update(to: ["a", "b", "c"])
        #expect(assignment.update(to: ["a", "b"]) == [.remove("c", reader: 2), .close(reader: 2)])
        #expect(assignment.update(to: ["a", "b", "e"]) == [.open(reader: 3), .add("e", reader: 3)])
    }

    @Test func `no reader ever has more than its capacity, and every channel has one`() {
        var assignment = ChannelAssignment(capacity: 7)
        var readers: [Int: Set<String>] = [:]
        for _ in 0..<200 {
            let wanted = Set((0..<60).map { "c\($0)" }.filter { _ in Bool.random() })
            for change in assignment.update(to: wanted.sorted()) {
                switch change {
                case .open(let number, _): #expect(readers.updateValue([], forKey: number) == nil)
                case .add(let login, let number): readers[number]?.insert(login)
                case .remove(let login, let number): #expect(readers[number]?.remove(login) != nil)
                case .close(let number): #expect(readers.removeValue(forKey: number) == [])
                }
            }
            #expect(readers.values.allSatisfy { $0.count <= 7 })
            #expect(readers.values.reduce(0) { $0 + $1.count } == wanted.count)
            #expect(readers.values.reduce(into: Set()) { $0.formUnion($1) } == wanted)
        }
    }

    @Test func `connections are spaced`() {
        let start = ContinuousClock.now
        var pacer = ConnectPacer(spacing: .seconds(1))
        #expect(pacer.reserve(at: start) == start)
        #expect(pacer.reserve(at: start) == start + .seconds(1))
        #expect(pacer.reserve(at: start + .milliseconds(100)) == start + .seconds(2))
        #expect(pacer.reserve(at: start + .seconds(10)) == start + .seconds(10))
    }

    @Test func `pauses double up to the longest, and only a proven connection resets them`() {
        var generator = Largest()
        var backoff = ReconnectBackoff()
        let pauses = (0..<8).map { _ in backoff.pause(joinedFor: nil, using: &generator) }
        #expect(zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60]).allSatisfy { abs($0.0 / .seconds(1) - Double($0.1)) < 0.01 })
        #expect(backoff.pause(joinedFor: .seconds(9), using: &generator) > .seconds(59))
        #expect(backoff.pause(joinedFor: .seconds(10), using: &generator) < .seconds(1.1))
    }

    /// Always the upper end of the range.
    struct Largest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    @Test func `a channel that is to be read anonymously moves to a reader of that kind`() {
        var assignment = ChannelAssignment(capacity: 2)
        _ = assignment.update(to: ["alpha", "beta", "gamma"])
        let moved = assignment.update(to: ["alpha", "beta", "gamma"], anonymously: ["alpha"])
        #expect(
            moved == [
                .remove("alpha", reader: 1), .open(reader: 3, isAnonymous: true), .add("alpha", reader: 3),
            ]
        )
        #expect(assignment.update(to: ["alpha", "beta", "gamma"], anonymously: ["alpha"]) == [])
        #expect(
            assignment.update(to: ["alpha", "beta", "gamma", "delta"], anonymously: ["alpha"]) == [
                .add("delta", reader: 1)
            ],
            "others do not go to the anonymous reader"
        )
        #expect(assignment.update(to: ["beta", "gamma", "delta"]) == [.remove("alpha", reader: 3), .close(reader: 3)])
    }
}
