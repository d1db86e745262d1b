import Protocol
import Testing

@testable import irc_gateway

@Suite struct IdentityKeyTests {
    let id = "7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f11"

    @Test func `a UUID is read bit by bit`() {
        #expect(IdentityKey.uuid(id.utf8) == 0x7C1F_0A52_3F5E_4B7E_9D55_0A6E_5C2B_9F11)
        #expect(IdentityKey.uuid("7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f1".utf8) == nil)
        #expect(IdentityKey.uuid("7c1f0a52+3f5e-4b7e-9d55-0a6e5c2b9f11".utf8) == nil)
        #expect(IdentityKey.uuid("7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9fgg".utf8) == nil)
    }

    @Test func `two ids of one room differ in their keys as they do themselves`() {
        let other = "7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f12"
        let keys = [id, other].map { IdentityKey.of(.message(id: $0, room: "1")) }
        #expect(keys[0] ^ keys[1] == 0x11 ^ 0x12)
    }

    @Test func `each part of an identity makes another key, and zero is none`() {
        func ban(_ room: String, _ user: String, _ seconds: Int?, at time: Int64) -> EventIdentity {
            .ban(
                EventIdentity.Target(roomID: room, roomLogin: "a", userID: user, userLogin: "u"),
                isPermanent: false,
                durationSeconds: seconds,
                at: Timestamp(rawValue: time)
            )
        }
        let identities: [EventIdentity] = [
            .message(id: id, room: "1"), .message(id: id, room: "2"), .message(id: "sim-1", room: "1"),
            .message(id: "sim-2", room: "1"), .message(id: "00000000-0000-0000-0000-000000000000", room: "1"),
            .notification(id: id, room: "1"), .notification(id: id, room: "2"),
            .deletion(messageID: id, room: "1"), .deletion(messageID: id, room: "2"),
            ban("1", "8", 600, at: 5), ban("2", "8", 600, at: 5), ban("1", "9", 600, at: 5), ban("1", "8", nil, at: 5),
            ban("1", "8", 600, at: 6), .clear(roomID: "1", roomLogin: "a", at: Timestamp(rawValue: 5)),
            .clear(roomID: "2", roomLogin: "a", at: Timestamp(rawValue: 5)),
        ]
        let keys = identities.map(IdentityKey.of)
        #expect(Set(keys).count == identities.count && !keys.contains(0))
        #expect(keys == identities.map(IdentityKey.of), "and the same one again")
    }
}
