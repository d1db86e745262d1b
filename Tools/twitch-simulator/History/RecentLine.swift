/// A line as a recent-messages service keeps it: taken apart, and put together again in its own way.
struct RecentLine: Sendable {
    private var tags: [(key: String, value: String)] = []
    private var rest: String
    private var isDeleted = false
    let receivedAt: Int64

    /// Nil for a line that the service cannot read.
    init?(_ line: [UInt8], receivedAt: Int64) {
        var bytes = line[...]
        while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self), text.hasPrefix("@"),
            let space = text.firstIndex(of: " ")
        else { return nil }
        for tag in text[text.index(after: text.startIndex)..<space].split(separator: ";") {
            let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            self.tags.append((String(parts[0]), parts.count > 1 ? String(parts[1]) : ""))
        }
        self.rest = Self.reserialised(text[text.index(after: space)...])
        self.receivedAt = receivedAt
    }

    private func tag(_ key: String) -> String? { self.tags.first { $0.key == key }?.value }

    /// Marks what this line deletes.
    func markDeletions(in lines: inout [RecentLine]) {
        let words = self.rest.split(separator: " ")
        guard words.count > 1, words[1] == "CLEARMSG" || words[1] == "CLEARCHAT" else { return }
        for index in lines.indices {
            if words[1] == "CLEARMSG" {
                if let id = self.tag("target-msg-id"), lines[index].tag("id") == id { lines[index].isDeleted = true }
            } else if let user = self.tag("target-user-id") {
                if lines[index].tag("user-id") == user { lines[index].isDeleted = true }
            } else {
                lines[index].isDeleted = true
            }
        }
    }

    /// Tags in the order of a hash table, with the service's own ones among them.
    var text: String {
        var all = self.tags + [("historical", "1"), ("rm-received-ts", "\(self.receivedAt)")]
        if self.isDeleted { all.append(("rm-deleted", "1")) }
        all.sort { (Hash.fnv1a($0.key), $0.key) < (Hash.fnv1a($1.key), $1.key) }
        return "@" + all.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }.joined(separator: ";") + " "
            + self.rest
    }

    /// A last parameter of one word loses its colon: it does not need one.
    private static func reserialised(_ rest: Substring) -> String {
        guard let range = rest.firstRange(of: " :"), rest[range.upperBound...].isEmpty == false else {
            return String(rest)
        }
        let trailing = rest[range.upperBound...]
        guard !trailing.contains(" "), !trailing.hasPrefix(":") else { return String(rest) }
        return rest[..<range.lowerBound] + " " + trailing
    }
}
