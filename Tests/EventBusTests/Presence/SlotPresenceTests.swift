import Foundation
import TestSupport
import Testing

@testable import EventBus

struct SlotPresenceTests {
    let fixture: JournalFixture
    let own: JournalSlot
    let other: JournalSlot

    init() throws {
        fixture = try JournalFixture()
        own = try fixture.claim()
        other = try fixture.claim()
    }

    private func look() throws -> [SlotNeighbour] { try SlotNeighbours(of: own.directory).look() }

    @Test func `a slot without a sign of presence is no neighbour, and one is not its own`() throws {
        let presence = try SlotPresence(directory: own.directory)
        #expect(try look() == [])
        presence.end()
    }

    @Test func `a neighbour is seen with its words and its beats`() async throws {
        let presence = try SlotPresence(directory: other.directory)
        let silent = try #require(try look().first)
        #expect(silent.producer == other.producer)
        #expect(silent.isHeld)
        #expect(silent.words == nil)
        try presence.say(Data("hello".utf8))
        // The disk's clock ticks in milliseconds.
        try await eventually("the beat is seen") {
            presence.beat()
            return try look().first.map { $0.beat > silent.beat } ?? false
        }
        let heard = try #require(try look().first)
        #expect(heard.words == Data("hello".utf8))
        #expect(try look().first == heard)
        presence.end()
    }

    @Test func `who leaves in good order is gone at once`() throws {
        let presence = try SlotPresence(directory: other.directory)
        presence.end()
        #expect(try look() == [])
        presence.beat()
    }

    @Test func `a dead process's words are not the next one's`() throws {
        let words = SlotPresence.words(other.directory)
        // As `kill -9` leaves them.
        try Data("dead".utf8).write(to: URL(filePath: words))
        try Data().write(to: URL(filePath: SlotPresence.lockFile(other.directory)))
        #expect(try look().map(\.isHeld) == [false])
        let presence = try SlotPresence(directory: other.directory)
        #expect(try look().first?.isHeld == true)
        #expect(try look().first?.words == nil)
        presence.end()
    }

    @Test func `a neighbour that serves the dead one's journal does not make it look alive`() throws {
        try Data().write(to: URL(filePath: SlotPresence.lockFile(other.directory)))
        // `other` is still claimed here: the slot's own lock is held.
        #expect(try look().map(\.isHeld) == [false])
    }
}
