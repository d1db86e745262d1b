import Protocol
import Testing

@testable import EventBus

struct DeliveryLagTests {
    private static let start = ContinuousClock.now

    private static func heads(_ sequence: UInt64) -> [Int: Offset] { [3: Offset(rawValue: sequence)] }

    /// Looks each second; `delivered` is how far the writer has come at each look.
    private func waits(heads: [UInt64], delivered: [UInt64]) -> [Duration] {
        var lag = DeliveryLag()
        return zip(heads, delivered).enumerated().map { second, state in
            lag.look(at: Self.heads(state.0), now: Self.start + .seconds(second)) { through in
                through.values.allSatisfy { $0 <= Offset(rawValue: state.1) }
            }
        }
    }

    @Test func `a writer that keeps up has no lag although something is always on its way`() {
        #expect(waits(heads: [1, 5, 9, 13], delivered: [0, 1, 5, 9]) == [.zero, .zero, .zero, .zero])
    }

    @Test func `without acknowledgements it grows, and what is delivered late is measured from its own time`() {
        #expect(
            waits(heads: [1, 5, 9, 13, 13, 13], delivered: [0, 0, 0, 4, 12, 13])
                == [.zero, .seconds(1), .seconds(2), .zero, .seconds(1), .zero]
        )
    }

    @Test func `silence is no lag`() {
        #expect(waits(heads: [7, 7, 7], delivered: [7, 7, 7]) == [.zero, .zero, .zero])
    }

    @Test func `the journal knows what its writers have`() throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        _ = try journal.append([draft(alice), draft(bob)])
        let heads = journal.heads()
        #expect(!journal.isDelivered(through: heads))
        try journal.acknowledge(group: "writer", database: "db", committed: heads)
        #expect(journal.isDelivered(through: heads))
        _ = try journal.append([draft(alice)])
        #expect(journal.isDelivered(through: heads) && journal.undelivered)
        journal.close()
    }
}
