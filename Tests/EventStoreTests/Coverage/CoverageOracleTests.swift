import EventStore
import Protocol
import TestSupport
import Testing

/// Compares the sweep over sessions with a look at every single moment.
@Suite struct CoverageOracleTests {
    private static let range: Range<Int64> = 100..<200

    private static func at(_ moment: Int64) -> Timestamp { Timestamp(rawValue: moment) }

    private static func spans(_ generator: inout SeededGenerator) -> [Coverage.Span] {
        (0..<generator.below(12)).map { number in
            let from = Int64(generator.below(300))
            let length = Int64(generator.below(generator.below(4) == 0 ? 150 : 20))
            return Coverage.Span(from: at(from), through: at(from + length), end: .init(rawValue: "\(number)"))
        }
    }

    private static func refusals(_ generator: inout SeededGenerator) -> [Coverage.Refusal] {
        (0..<generator.below(5)).map { _ in
            Coverage.Refusal(at: at(Int64(generator.below(300))), cause: .init(rawValue: "no \(generator.below(3))"))
        }
    }

    /// Stretches of unheard moments. A session without length covers none, but ends one hole and begins another.
    private static func holes(_ spans: [Coverage.Span]) -> [Range<Int64>] {
        var holes: [Range<Int64>] = []
        for moment in range where !spans.contains(where: { $0.from <= at(moment) && at(moment) < $0.through }) {
            let isBorder = spans.contains { $0.from == $0.through && $0.from == at(moment) }
            if let last = holes.last, last.upperBound == moment, !isBorder {
                holes[holes.count - 1] = last.lowerBound..<moment + 1
            } else {
                holes.append(moment..<moment + 1)
            }
        }
        return holes
    }

    @Test(arguments: 1...400 as ClosedRange<UInt64>)
    func `share, holes and causes are those of each single moment`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let spans = Self.spans(&generator)
        let refusals = Self.refusals(&generator)
        let coverage = Coverage(
            spans: spans,
            refusals: refusals,
            from: Self.at(Self.range.lowerBound),
            through: Self.at(Self.range.upperBound)
        )
        let holes = Self.holes(spans)
        #expect(coverage.holes.map { $0.from.rawValue..<$0.through.rawValue } == holes)
        #expect(coverage.share == Double(100 - holes.reduce(0) { $0 + $1.count }) / 100)
        for hole in coverage.holes {
            let ended = spans.filter { $0.through <= hole.from }.map(\.through).max()
            let refused = refusals.filter { $0.at < hole.through && $0.at >= ended ?? $0.at }.map(\.cause)
            var causes = hole.causes
            if let ended {
                let first = causes.removeFirst()
                #expect(spans.contains { $0.through == ended && $0.end == first })
            } else if refused.isEmpty {
                #expect(causes == [.notStarted])
                continue
            }
            #expect(Set(causes) == Set(refused) && causes.count == Set(refused).count)
        }
    }
}
