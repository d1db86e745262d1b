import Protocol
import Testing
import TwitchChat

@testable import irc_gateway

@Suite struct ListeningProofTests {
    private static let start = ContinuousClock.now

    private static func time(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: 1_790_000_000_000 + seconds * 1000) }

    private var proof = ListeningProof(longestAbsence: .seconds(2))

    /// Looks after the connection each quarter of a second.
    private mutating func attend(_ seconds: Range<Int>) {
        for quarter in seconds.lowerBound * 4..<seconds.upperBound * 4 {
            let question = proof.present(
                at: Self.start + .milliseconds(250 * quarter),
                time: Timestamp(rawValue: Self.time(0).rawValue + Int64(250 * quarter))
            )
            #expect(question == nil)
        }
    }

    private func end(_ end: ConnectionEnd, at seconds: Int64) -> Timestamp {
        var proof = proof
        return proof.end(of: end, at: Self.start + .seconds(seconds), time: Self.time(seconds))
    }

    @Test mutating func `a dead connection counts until the last line, one that was closed in order until then`() {
        attend(0..<5)
        proof.heard(time: Self.time(5))
        attend(5..<28)
        #expect(end(.silent, at: 28) == Self.time(5))
        #expect(end(.closed("connection reset"), at: 28) == Self.time(5))
        #expect(end(.closed(""), at: 28) == Self.time(28))
        #expect(end(.shutdown, at: 28) == Self.time(28))
        #expect(end(.replaced, at: 28) == Self.time(28))
    }

    @Test mutating func `after an absence only an answer to a question asked then proves that all was heard`() {
        attend(0..<10)
        let last = Timestamp(rawValue: Self.time(10).rawValue - 250)
        let question = proof.present(at: Self.start + .seconds(70), time: Self.time(70)) ?? ""
        #expect(!question.isEmpty)
        // What is read now may have been sent long ago, and the end of the connection behind it as well.
        proof.heard(time: Self.time(70))
        #expect(end(.closed(""), at: 70) == last)
        proof.answered("collector")
        #expect(end(.shutdown, at: 71) == last)
        proof.answered(question)
        #expect(end(.closed(""), at: 72) == Self.time(72))
    }

    @Test mutating func `a second absence needs an answer of its own, and doubt begins with the first`() {
        attend(0..<1)
        let last = Timestamp(rawValue: Self.time(1).rawValue - 250)
        let first = proof.present(at: Self.start + .seconds(10), time: Self.time(10)) ?? ""
        #expect(!first.isEmpty)
        let second = proof.present(at: Self.start + .seconds(20), time: Self.time(20)) ?? ""
        #expect(!second.isEmpty)
        proof.answered(first)
        #expect(end(.closed(""), at: 21) == last)
        proof.answered(second)
        #expect(end(.closed(""), at: 21) == Self.time(21))
    }

    @Test mutating func `an end that is found after an absence began with it`() {
        attend(0..<10)
        #expect(end(.closed(""), at: 70) == Timestamp(rawValue: Self.time(10).rawValue - 250))
    }

    @Test mutating func `two seconds are no absence`() {
        attend(0..<1)
        let question = proof.present(at: Self.start + .milliseconds(2700), time: Self.time(3))
        #expect(question == nil)
    }
}
