import Protocol
import Testing

@testable import EventBus

struct PrunePolicyTests {
    /// Two partitions; segment n holds offset n of partition 0, and the even ones of partition 1 too.
    private static func segments(_ count: Int, bytes: Int = 10) -> [PrunePolicy.Candidate] {
        (1...count).map { number in
            let end = UInt64(number)
            return PrunePolicy.Candidate(
                extent: SegmentCatalog.Extent(
                    number: number,
                    begin: [Offset(rawValue: end - 1), Offset(rawValue: (end - 1) / 2 * 2)],
                    end: [Offset(rawValue: end), Offset(rawValue: end / 2 * 2)],
                    sealedAt: number == count ? nil : Timestamp(rawValue: Int64(number) * 1000)
                ),
                bytes: bytes
            )
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var required = ["writer"]
        var committed: [String: [Int: UInt64]] = [:]
        var cap = 1000
        /// Seconds since the segments were found delivered; nil when this is the first look.
        var seconds: Int? = 100
        var removed: [Int] = []
        /// partition, after, through
        var lost: [[UInt64]] = []
    }

    private static let cases = [
        Case(testDescription: "nothing acknowledged"),
        Case(testDescription: "all acknowledged", committed: ["writer": [0: 4, 1: 4]], removed: [1, 2, 3]),
        Case(
            testDescription: "more than all acknowledged",
            committed: ["writer": [0: 99, 1: 99]],
            removed: [1, 2, 3]
        ),
        Case(testDescription: "one partition behind holds its segment", committed: ["writer": [0: 4]], removed: [1]),
        Case(testDescription: "and what is behind it", committed: ["writer": [0: 1, 1: 4]], removed: [1]),
        Case(testDescription: "a hole in front keeps all", committed: ["writer": [1: 4]]),
        Case(testDescription: "no group required", required: [], removed: [1, 2, 3]),
        Case(testDescription: "another group counts for nothing", committed: ["tap": [0: 4, 1: 4]]),
        Case(
            testDescription: "the slowest required group decides",
            required: ["writer", "archive"],
            committed: ["writer": [0: 4, 1: 4], "archive": [0: 2, 1: 2]],
            removed: [1, 2]
        ),
        Case(
            testDescription: "a required group that never came holds all",
            required: ["writer", "archive"],
            committed: ["writer": [0: 4, 1: 4]]
        ),
        Case(testDescription: "delivered a moment ago", committed: ["writer": [0: 4, 1: 4]], seconds: 99),
        Case(
            testDescription: "delivered, and looked at for the first time",
            committed: ["writer": [0: 4, 1: 4]],
            seconds: nil
        ),
        Case(testDescription: "at the cap exactly", cap: 40),
        Case(testDescription: "beyond the cap the oldest goes", cap: 39, removed: [1], lost: [[0, 0, 1]]),
        Case(
            testDescription: "as many as it takes",
            cap: 20,
            removed: [1, 2],
            lost: [[0, 0, 1], [0, 1, 2], [1, 0, 2]]
        ),
        Case(
            testDescription: "never the newest",
            cap: 0,
            removed: [1, 2, 3],
            lost: [[0, 0, 1], [0, 1, 2], [1, 0, 2], [0, 2, 3]]
        ),
        Case(
            testDescription: "young but acknowledged goes at the cap without loss",
            committed: ["writer": [0: 1, 1: 0]],
            cap: 39,
            seconds: nil,
            removed: [1]
        ),
        Case(
            testDescription: "only what was not committed is lost",
            committed: ["writer": [0: 2, 1: 1]],
            cap: 20,
            seconds: nil,
            removed: [1, 2],
            lost: [[1, 1, 2]]
        ),
        Case(
            testDescription: "behind the cap the usual rule goes on",
            committed: ["writer": [0: 4, 1: 4]],
            cap: 39,
            removed: [1, 2, 3]
        ),
    ]

    @Test(arguments: cases) func `decides`(_ test: Case) throws {
        var configuration = JournalConfiguration()
        configuration.requiredGroups = test.required
        configuration.capBytes = test.cap
        configuration.minimumAge = .seconds(100)
        var acknowledged = Acknowledgements()
        for (group, committed) in test.committed {
            _ = try acknowledged.acknowledge(
                group: group,
                database: "d",
                committed: committed.mapValues(Offset.init(rawValue:)),
                partitions: 2,
                file: ""
            )
        }
        let policy = PrunePolicy(configuration)
        var delivered = DeliveryTimes()
        let start = ContinuousClock.now
        if test.seconds != nil {
            var roomy = policy
            roomy.capBytes = .max
            #expect(
                roomy.removals(Self.segments(4), acknowledged: acknowledged, delivered: &delivered, now: start).isEmpty
            )
        }
        let removals = policy.removals(
            Self.segments(4),
            acknowledged: acknowledged,
            delivered: &delivered,
            now: start + .seconds(test.seconds ?? 0)
        )
        #expect(removals.map(\.number) == test.removed)
        let lost = removals.flatMap(\.lost).map { [UInt64($0.partition), $0.after.rawValue, $0.through.rawValue] }
        #expect(lost == test.lost)
    }

    @Test func `an empty journal and a single segment have nothing to remove`() {
        let policy = PrunePolicy(JournalConfiguration(requiredGroups: [], capBytes: 0, minimumAge: .zero))
        var delivered = DeliveryTimes()
        #expect(policy.removals([], acknowledged: .init(), delivered: &delivered, now: .now).isEmpty)
        #expect(policy.removals(Self.segments(1), acknowledged: .init(), delivered: &delivered, now: .now).isEmpty)
    }
}
