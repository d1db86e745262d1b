/// Where the tags of one line are.
struct TagTable: Sendable {
    struct Entry: Sendable {
        let fingerprint: UInt32
        let key: Range<Int32>
        let end: Int32

        /// Behind the `=`; empty where there is none.
        var value: Range<Int32> { min(self.key.upperBound + 1, self.end)..<self.end }
    }

    var entries: [Entry] = []

    mutating func append(key: Range<Int>, end: Int, in span: Span<UInt8>) {
        // `@ PING` and `a=1;;b=2` hold empty keys: nothing to keep.
        guard !key.isEmpty else { return }
        self.entries.append(
            Entry(
                fingerprint: IRCTag.fingerprint(
                    count: key.count,
                    first: span[key.lowerBound],
                    middle: span[key.lowerBound + key.count / 2],
                    last: span[key.upperBound - 1]
                ),
                key: Int32(truncatingIfNeeded: key.lowerBound)..<Int32(truncatingIfNeeded: key.upperBound),
                end: Int32(truncatingIfNeeded: end)
            )
        )
    }

    /// The last of equal keys wins.
    func value(of tag: IRCTag, in span: Span<UInt8>) -> Range<Int32>? {
        let entries = self.entries.span
        var index = entries.count
        while index > 0 {
            index -= 1
            if entries[index].fingerprint == tag.fingerprint, Self.matches(entries[index].key, tag, in: span) {
                return entries[index].value
            }
        }
        return nil
    }

    private static func matches(_ key: Range<Int32>, _ tag: IRCTag, in span: Span<UInt8>) -> Bool {
        let name = tag.bytes.span
        guard key.count == name.count else { return false }
        let start = Int(key.lowerBound)
        for offset in name.indices where span[start + offset] != name[offset] { return false }
        return true
    }
}
