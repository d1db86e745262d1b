/// AutoMod's opinion of a part of the text (`flags`).
package struct AutoModFlag: Hashable, Sendable {
    /// First character and one past the last; presumably Unicode scalars (Twitch does not say).
    package let begin: Int
    package let end: Int
    /// As sent: category and level, such as `P.3`. I identity, S sexual, A aggressive, P profanity.
    package let categories: [String]

    /// Reads `start-end:C.n/C.n,…`; unreadable items are left out.
    static func list(_ value: ArraySlice<UInt8>) -> [AutoModFlag] {
        value.split(separator: UInt8(ascii: ",")).compactMap { item in
            guard
                let colon = item.firstIndex(of: .colon),
                let range = InclusiveRange.read(item[..<colon])
            else { return nil }
            let categories = item[(colon + 1)...].split(separator: UInt8(ascii: "/")).map(TagValue.unescape)
            return AutoModFlag(begin: range.lowerBound, end: range.upperBound, categories: categories)
        }
    }
}
