/// What two deliveries of one thing have in common, in 128 bits.
///
/// A message id is a UUID and is kept exactly: two different messages never look alike. Only what has no UUID is hashed.
enum MessageKey {
    /// PRIVMSG and USERNOTICE: the message's `id`.
    static func message(_ id: some StringProtocol) -> UInt128? {
        id.isEmpty ? nil : nonZero(uuid(id.utf8) ?? hash(1, String(id)))
    }

    /// CLEARMSG: the id of the message that is deleted.
    static func deletion(of id: some StringProtocol) -> UInt128? {
        // Another constant than any id: a deletion is no duplicate of its message.
        message(id).map { nonZero($0 ^ 0x6465_6C65_7465_6400_0000_0000_0000_0001) }
    }

    /// CLEARCHAT, which has no id of its own.
    static func clear(room: String, target: String, seconds: Int?, sentAt: Int64) -> UInt128 {
        nonZero(hash(2, "\(room)\n\(target)\n\(seconds ?? -1)\n\(sentAt)"))
    }

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

    /// Two runs of the standard library's keyed hash, 64 bits each.
    private static func hash(_ kind: UInt8, _ text: String) -> UInt128 {
        var low = Hasher()
        low.combine(kind)
        low.combine(text)
        var high = Hasher()
        high.combine(kind)
        high.combine("high")
        high.combine(text)
        let lowBits = UInt64(bitPattern: Int64(low.finalize()))
        let highBits = UInt64(bitPattern: Int64(high.finalize()))
        return UInt128(highBits) << 64 | UInt128(lowBits)
    }
}
