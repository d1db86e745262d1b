import EventStore
import Protocol
import Testing

@Suite struct JournalLossTests {
    private static let epoch: UInt32 = 95_341_600
    private static let start = Timestamp(rawValue: 1_795_341_600_000)

    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: start.rawValue + seconds * 1000) }

    private static func gap(_ after: Offset, _ through: Offset, detected: Int64 = 1000) -> Gap {
        Gap(producer: "gw-7f3a", partition: 7, after: after, through: through, detectedAt: at(detected))
    }

    @Test func `within one run it knows how many at most, and is bounded by what lies around`() {
        let gap = Self.gap(Offset(epoch: Self.epoch, sequence: 10), Offset(epoch: Self.epoch, sequence: 25))
        let loss = JournalLoss(gap, before: Self.at(100), behind: Self.at(200))
        #expect(loss.atMost == 15 && loss.earliest == Self.at(100) && loss.latest == Self.at(200))
    }

    @Test func `without neighbours the start of the run and the discovery are the bounds`() {
        let gap = Self.gap(Offset(epoch: Self.epoch, sequence: 10), Offset(epoch: Self.epoch, sequence: 25))
        let loss = JournalLoss(gap, before: nil, behind: nil)
        #expect(loss.earliest == Self.start && loss.latest == Self.at(1000))
    }

    @Test func `over a restart nobody knows how many, but all were before it`() {
        let gap = Self.gap(Offset(epoch: Self.epoch, sequence: 10), Offset(epoch: Self.epoch + 60, sequence: 0))
        let loss = JournalLoss(gap, before: Self.at(20), behind: Self.at(90))
        #expect(loss.atMost == nil && loss.earliest == Self.at(20) && loss.latest == Self.at(60))
    }

    @Test func `from the very beginning there is no earliest time`() {
        let loss = JournalLoss(Self.gap(.zero, Offset(epoch: Self.epoch, sequence: 3)), before: nil, behind: nil)
        #expect(loss.earliest == nil && loss.atMost == nil)
        #expect(loss.overlaps(from: Self.at(-9999), through: Self.at(-9000)))
        #expect(!loss.overlaps(from: Self.at(1001), through: Self.at(2000)))
    }

    @Test func `a clock that was set back makes no time end before it begins`() {
        let gap = Self.gap(
            Offset(epoch: Self.epoch, sequence: 1),
            Offset(epoch: Self.epoch, sequence: 2),
            detected: -60
        )
        let loss = JournalLoss(gap, before: nil, behind: nil)
        #expect(loss.earliest == Self.at(-60) && loss.latest == Self.at(-60))
    }

    @Test func `an epoch of a clock that was hours ahead bounds nothing`() {
        let gap = Self.gap(
            Offset(epoch: Self.epoch, sequence: 1),
            Offset(epoch: Self.epoch, sequence: 2),
            detected: -7200
        )
        #expect(JournalLoss(gap, before: nil, behind: nil).earliest == nil)
        #expect(JournalLoss(gap, before: Self.at(-7300), behind: nil).earliest == Self.at(-7300))
    }
}
