/// One `set/version` of `badges` or `badge-info`.
package struct ChatBadge: Hashable, Sendable {
    /// The badge's set, such as `subscriber`.
    package let set: String
    /// Text, not a number: `predictions/blue-1`. In `badge-info` the exact value, which may itself hold `/`.
    package let version: String

    /// Splits at `,` and each item at its first `/`; empty items are left out. Values are unescaped.
    static func list(_ value: ArraySlice<UInt8>) -> [ChatBadge] {
        guard !value.isEmpty else { return [] }
        return value.split(separator: UInt8(ascii: ",")).map { item in
            guard let slash = item.firstIndex(of: UInt8(ascii: "/")) else {
                return ChatBadge(set: TagValue.unescape(item), version: "")
            }
            return ChatBadge(
                set: TagValue.unescape(item[..<slash]),
                version: TagValue.unescape(item[(slash + 1)...])
            )
        }
    }
}
