import Protocol

/// An identity in 128 bits, as the memory of what was published keeps it.
///
/// A UUID is kept bit by bit: two messages of one room never look alike. Only the room, and what has no UUID, is hashed,
/// by the standard library's keyed hash: nobody outside can aim at a collision.
enum IdentityKey {
    static func of(_ identity: EventIdentity) -> UInt128 {
        switch identity {
        case .message(let id, let room): nonZero(exact(id) ^ hash(Scope.message(room)))
        case .notification(let id, let room): nonZero(exact(id) ^ hash(Scope.notification(room)))
        case .deletion(let id, let room): nonZero(exact(id) ^ hash(Scope.deletion(room)))
        case .ban, .clear: nonZero(hash(identity))
        }
    }

    /// Within what an id is unique.
    private enum Scope: Hashable {
        case message(String)
        case notification(String)
        case deletion(String)
    }

    private static func exact(_ id: String) -> UInt128 { uuid(id.utf8) ?? hash(id) }

    /// The 128 bits of `8-4-4-4-12` hexadecimal digits; nil for anything else.
    static func uuid(_ text: some Collection<UInt8>) -> UInt128? {
        guard text.count == 36 else { return nil }
        var key: UInt128 = 0
        var position = 0
        for byte in text {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = hexadecimal(byte) else { return nil }
                key = key << 4 | UInt128(digit)
            }
            position += 1
        }
        return key
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        // Upper case is kept apart: Twitch sends lower case, and another spelling is another id.
        default: nil
        }
    }

    private static func nonZero(_ key: UInt128) -> UInt128 { key == 0 ? 1 : key }

    /// Two runs of the hash, 64 bits each.
    private static func hash(_ value: some Hashable) -> UInt128 {
        var low = Hasher()
        low.combine(value)
        var high = Hasher()
        high.combine("high")
        high.combine(value)
        let lowBits = UInt64(bitPattern: Int64(low.finalize()))
        let highBits = UInt64(bitPattern: Int64(high.finalize()))
        return UInt128(highBits) << 64 | UInt128(lowBits)
    }
}
