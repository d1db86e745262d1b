/// Names of channels as they come over the wire.
enum ChannelName {
    /// The lowercase login; nil for what can be neither a login nor a part of a topic.
    static func login(_ name: String) -> String? {
        var hasCapitals = false
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                continue
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasCapitals = true
            default: return nil
            }
        }
        guard !name.isEmpty, name.utf8.count <= 64 else { return nil }
        return hasCapitals ? name.lowercased() : name
    }
}
