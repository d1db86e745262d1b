import Foundation
import Protocol
import Testing

@testable import EventBus

struct JournalSlotTests {
    let fixture: JournalFixture

    init() throws { fixture = try JournalFixture() }

    @Test func `two claims take slots 0 and 1, and a slot that was given back is taken again`() throws {
        let first = try fixture.claim()
        let second = try fixture.claim()
        #expect(first.number == 0)
        #expect(second.number == 1)
        #expect(first.producer != second.producer)
        #expect(first.producer.wholeMatch(of: #/gw-[0-9a-f]{8}/#) != nil)
        #expect(first.directory == fixture.root + "/journal/irc-gateway/slot-0")
        let attributes = try FileManager.default.attributesOfItem(atPath: first.directory)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)

        first.close()
        let again = try fixture.claim()
        #expect(again.number == 0)
        #expect(again.producer == first.producer)
    }

    @Test func `a slot is given back when nobody refers to it any more`() throws {
        func claimAndForget() throws -> Int { try fixture.claim().number }
        #expect(try claimAndForget() == 0)
        #expect(try claimAndForget() == 0)
    }

    @Test func `an abandoned slot is adopted only while it holds what was not delivered`() throws {
        let configuration = JournalConfiguration(sync: .normal)
        func adopt() throws -> JournalSlot? {
            try JournalSlot.claimAbandoned(
                stateDirectory: fixture.root,
                service: "irc-gateway",
                configuration: configuration
            )
        }
        #expect(try adopt() == nil)
        let dead = try fixture.claim()
        let living = try fixture.claim()
        let journal = try fixture.open(dead, configuration)
        let other = try fixture.open(living, configuration)
        defer { other.close() }
        _ = try other.append([draft(alice)])
        let events = try journal.append([draft(alice), draft(bob)])
        #expect(try adopt() == nil, "both are claimed")
        journal.close()
        dead.close()

        let slot = try #require(try adopt())
        #expect(slot.number == dead.number)
        #expect(slot.producer == dead.producer)
        #expect(try adopt() == nil, "it is claimed now")
        let adopted = try fixture.open(slot, configuration, readOnly: true)
        #expect(try adopted.readAll(after: everything).events == events)
        #expect(adopted.undelivered)
        try adopted.acknowledge(group: "writer", database: "d", committed: adopted.heads())
        #expect(!adopted.undelivered)
        adopted.close()
        slot.close()
        #expect(try adopt() == nil, "everything was delivered")
    }

    @Test(arguments: [("slot-0", 0), ("slot-17", 17), ("slot-", nil), ("slot--1", nil), ("lock", nil), ("slot-x", nil)])
    func `slot numbers are read from names`(_ name: String, _ number: Int?) {
        #expect(JournalSlot.slotNumber(name) == number)
    }

    @Test func `a slot stays with its process although somebody removes the lock file`() throws {
        let held = try fixture.claim()
        try FileManager.default.removeItem(atPath: held.directory + "/lock")
        let other = try fixture.claim()
        #expect(other.number == 1)
        #expect(other.producer != held.producer)
    }

    @Test func `a damaged identity is a clear error and does not hold the slot`() throws {
        let slot = try fixture.claim()
        slot.close()
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: slot.directory + "/identity.json"))
        let error = #expect(throws: JournalError.self) { try fixture.claim() }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("identity.json") == true)
        try FileManager.default.removeItem(atPath: slot.directory + "/identity.json")
        #expect(try fixture.claim().number == 0)
    }
}
