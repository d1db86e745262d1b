/// A GIF that a part of the text stands for (`gifs`).
package struct GIFOccurrence: Hashable, Sendable {
    /// First character and one past the last; Twitch does not say whether bytes or Unicode scalars.
    package let begin: Int
    package let end: Int
    package let id: String
    package let url: String

    /// Reads `start-end|id|url,…`. A comma separates items only where a range follows: URLs may hold commas.
    static func list(_ value: ArraySlice<UInt8>) -> [GIFOccurrence] {
        var items: [GIFOccurrence] = []
        for piece in TagValue.unescape(value).split(separator: ",", omittingEmptySubsequences: false) {
            let parts = piece.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, let range = InclusiveRange.read(Array(parts[0].utf8)[...]) {
                items.append(
                    GIFOccurrence(
                        begin: range.lowerBound,
                        end: range.upperBound,
                        id: String(parts[1]),
                        url: String(parts[2])
                    )
                )
            } else if let last = items.popLast() {
                items.append(GIFOccurrence(begin: last.begin, end: last.end, id: last.id, url: "\(last.url),\(piece)"))
            }
        }
        return items
    }
}
