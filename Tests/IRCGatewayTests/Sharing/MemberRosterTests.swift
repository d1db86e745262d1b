import EventBus
import Foundation
import Testing

@testable import irc_gateway

@Suite struct MemberRosterTests {
    private let start = ContinuousClock.now
    private var roster = MemberRoster()
    private let report = GatewayMember.Report(wanted: ["quietharbor", "loudlagoon"], joined: ["quietharbor"])

    private func words(_ report: GatewayMember.Report) throws -> Data { try JSONEncoder().encode(report) }

    private func neighbour(beat: Int64, held: Bool = true, words: Data? = nil) -> SlotNeighbour {
        SlotNeighbour(producer: "gw-b", isHeld: held, beat: beat, words: words)
    }

    /// Looks each second from `seconds.lowerBound` on; the beat changes each time unless it is given.
    private mutating func look(
        _ seconds: Range<Int>,
        beat: Int64? = nil,
        held: Bool = true
    ) throws -> [GatewayMember] {
        var members: [GatewayMember] = []
        for second in seconds {
            let neighbour = neighbour(beat: beat ?? Int64(second), held: held, words: try words(report))
            members = roster.update([neighbour], at: start + .seconds(second))
        }
        return members
    }

    @Test mutating func `who is seen takes part at once, with what it says`() throws {
        #expect(try look(0..<1) == [GatewayMember(name: "gw-b", report: report)])
    }

    @Test mutating func `who died before it was ever seen is nobody`() throws {
        #expect(try look(0..<5, held: false) == [])
    }

    @Test mutating func `who dies has three seconds to come back`() throws {
        _ = try look(0..<3)
        #expect(try look(3..<5, beat: 2, held: false).count == 1)
        #expect(try look(5..<6, beat: 2, held: false) == [])
    }

    @Test mutating func `who is back in time wants what it wanted and listens to nothing yet`() throws {
        _ = try look(0..<3)
        _ = try look(3..<4, beat: 2, held: false)
        let back = roster.update([neighbour(beat: 4)], at: start + .seconds(4))
        #expect(back.map(\.report) == [GatewayMember.Report(wanted: report.wanted, joined: [])])
        #expect(try look(5..<6).map(\.report) == [report])
    }

    @Test mutating func `who leaves in good order is gone at once`() throws {
        _ = try look(0..<3)
        #expect(roster.update([], at: start + .seconds(3)) == [])
    }

    @Test mutating func `who is stopped takes no part until it has beaten for a while`() throws {
        _ = try look(0..<3)
        #expect(try look(3..<12, beat: 2).count == 1)
        #expect(try look(12..<14, beat: 2) == [])
        #expect(try look(14..<19) == [], "it goes on, and may not know yet which connections it lost")
        #expect(try look(19..<20).count == 1)
    }

    @Test mutating func `a single beat after a silence is no recovery`() throws {
        _ = try look(0..<3)
        _ = try look(3..<14, beat: 2)
        #expect(try look(14..<60, beat: 14) == [])
    }

    @Test mutating func `words that cannot be read change nothing`() throws {
        _ = try look(0..<1)
        let broken = neighbour(beat: 1, words: Data("{".utf8))
        #expect(roster.update([broken], at: start + .seconds(1)).map(\.report) == [report])
    }
}
