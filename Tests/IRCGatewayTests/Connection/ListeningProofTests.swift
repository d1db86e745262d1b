import Testing
import TwitchChat

@testable import irc_gateway

@Suite struct ListeningProofTests {
    private static let start = ContinuousClock.now

    private static func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private var proof = ListeningProof(longestAbsence: .seconds(2))

    /// Looks after the connection each quarter of a second.
    private mutating func attend(_ seconds: Range<Int>) {
        for quarter in seconds.lowerBound * 4..<seconds.upperBound * 4 {
            let question = proof.present(at: Self.start + .milliseconds(250 * quarter))
            #expect(question == nil)
        }
    }

    private func end(_ end: ConnectionEnd, at seconds: Int) -> ContinuousClock.Instant {
        var proof = proof
        return proof.end(of: end, at: Self.at(seconds))
    }

    @Test mutating func `a dead connection counts until the last line, one that was closed in order until then`() {
        attend(0..<5)
        proof.heard(at: Self.at(5))
        attend(5..<28)
        #expect(end(.silent, at: 28) == Self.at(5))
        #expect(end(.closed("connection reset"), at: 28) == Self.at(5))
        #expect(end(.closed(""), at: 28) == Self.at(28))
        #expect(end(.shutdown, at: 28) == Self.at(28))
        #expect(end(.replaced, at: 28) == Self.at(28))
    }

    @Test mutating func `after an absence only an answer to a question asked then proves that all was heard`() {
        attend(0..<10)
        let last = Self.at(10) - .milliseconds(250)
        let question = proof.present(at: Self.at(70)) ?? ""
        #expect(!question.isEmpty)
        // What is read now may have been sent long ago, and the end of the connection behind it as well.
        proof.heard(at: Self.at(70))
        #expect(end(.closed(""), at: 70) == last)
        proof.answered("collector")
        #expect(end(.shutdown, at: 71) == last)
        proof.answered(question)
        #expect(end(.closed(""), at: 72) == Self.at(72))
    }

    @Test mutating func `a second absence needs an answer of its own, and doubt begins with the first`() {
        attend(0..<1)
        let last = Self.at(1) - .milliseconds(250)
        let first = proof.present(at: Self.at(10)) ?? ""
        #expect(!first.isEmpty)
        let second = proof.present(at: Self.at(20)) ?? ""
        #expect(!second.isEmpty)
        proof.answered(first)
        #expect(end(.closed(""), at: 21) == last)
        proof.answered(second)
        #expect(end(.closed(""), at: 21) == Self.at(21))
    }

    @Test mutating func `an end that is found after an absence began with it`() {
        attend(0..<10)
        #expect(end(.closed(""), at: 70) == Self.at(10) - .milliseconds(250))
    }

    @Test mutating func `two seconds are no absence`() {
        attend(0..<1)
        let question = proof.present(at: Self.start + .milliseconds(2700))
        #expect(question == nil)
    }
}
