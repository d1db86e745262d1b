import Protocol
import Testing

@testable import EventStore

@Suite struct CopyRuleTests {
    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(rawValue: 1_795_341_600_000 + milliseconds) }

    private func row(_ eventID: String, at milliseconds: Int64, copies: [String] = []) -> CopyRow {
        CopyRow(eventID: eventID, at: time(milliseconds), copies: copies)
    }

    private func decide(
        _ eventID: String,
        at milliseconds: Int64,
        _ rows: [CopyRow],
        in table: CopyTable = .bans
    ) -> CopyDecision {
        CopyRule.decision(for: eventID, at: time(milliseconds), among: rows, in: table)
    }

    @Test func `two seconds apart is one thing, a millisecond more is two`() {
        #expect(decide("b/1-1", at: 2000, [row("a/1-1", at: 0)]) == .copy(of: "a/1-1", in: .bans))
        #expect(decide("b/1-1", at: -2000, [row("a/1-1", at: 0)]) == .copy(of: "a/1-1", in: .bans))
        #expect(decide("b/1-1", at: 2001, [row("a/1-1", at: 0)]) == .first)
    }

    @Test func `one producer tells a thing once, unless the time is the very same`() {
        #expect(decide("a/1-2", at: 1, [row("a/1-1", at: 0)]) == .first)
        #expect(decide("a/1-2", at: 0, [row("a/1-1", at: 0)]) == .known)
        #expect(decide("a/1-2", at: 0, [row("a/1-1", at: 0)], in: .notices) == .first, "a packet holds two notices")
    }

    @Test func `a row takes one copy of each producer`() {
        let taken = row("a/1-1", at: 0, copies: ["b/1-1"])
        #expect(decide("b/1-2", at: 10, [taken]) == .first)
        #expect(decide("c/1-1", at: 10, [taken]) == .copy(of: "a/1-1", in: .bans))
    }

    @Test func `what is told again is known, as a row and as a copy`() {
        let rows = [row("a/1-1", at: 0, copies: ["b/1-1"])]
        #expect(decide("a/1-1", at: 0, rows) == .known)
        #expect(decide("b/1-1", at: 10, rows) == .known)
    }

    @Test func `the same time comes before the oldest`() {
        let rows = [row("a/1-2", at: 900), row("a/1-1", at: 0)]
        #expect(decide("b/1-1", at: 900, rows) == .copy(of: "a/1-2", in: .bans))
        #expect(decide("b/1-1", at: 899, rows) == .copy(of: "a/1-1", in: .bans))
    }

    @Test func `a producer's name is all before the last slash`() {
        #expect(decide("gw-10/1-1", at: 0, [row("gw-1/1-1", at: 0)]) == .copy(of: "gw-1/1-1", in: .bans))
        #expect(decide("odd/name/1-2", at: 1, [row("odd/name/1-1", at: 0)]) == .first)
    }

    @Test func `the column of copies is read as it is written`() {
        let read = CopyRow(eventID: "a/1-1", at: time(0), copiesColumn: "b/1-1 c/1-7")
        #expect(read.copies == ["b/1-1", "c/1-7"])
        #expect(CopyRow(eventID: "a/1-1", at: time(0), copiesColumn: nil).copies.isEmpty)
    }
}
