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
        var index = self.entries.count
        while index > 0 {
            index -= 1
            if self.entries[index].fingerprint == tag.fingerprint, self.matches(index, tag, in: span) {
                return self.entries[index].value
            }
        }
        return nil
    }

    private func matches(_ index: Int, _ tag: IRCTag, in span: Span<UInt8>) -> Bool {
        let key = self.entries[index].key
        guard key.count == tag.bytes.count else { return false }
        let start = Int(key.lowerBound)
        for offset in 0..<tag.bytes.count where span[start + offset] != tag.bytes[offset] { return false }
        return true
    }
}
