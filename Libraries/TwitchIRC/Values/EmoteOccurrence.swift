/// One place in a text that is shown as an emote.
package struct EmoteOccurrence: Hashable, Sendable {
    /// Decimal (`25`), `emotesv2_…`, or modified (`300196486_TK`).
    package let id: String
    /// First Unicode scalar, counted from 0 in the text without its ACTION wrapper.
    package let begin: Int
    /// One past the last Unicode scalar, as sent: Twitch has sent places outside the text.
    package let end: Int

    /// What the text shows there, clamped to the text; empty when the place lies outside.
    package func code(in text: String) -> String {
        let scalars = text.unicodeScalars
        guard
            let start = scalars.index(scalars.startIndex, offsetBy: self.begin, limitedBy: scalars.endIndex)
        else { return "" }
        let end = scalars.index(start, offsetBy: self.end - self.begin, limitedBy: scalars.endIndex)
        return String(scalars[start..<(end ?? scalars.endIndex)])
    }

    /// The places of a wrapped text in what the wrapper holds.
    ///
    /// In USERNOTICE Twitch has counted them from behind the wrapper's first byte, in PRIVMSG from behind all of it. Where
    /// each is a word of its own decides; if that is nowhere, the number that keeps all of them behind the beginning.
    static func moved(_ emotes: [EmoteOccurrence], into text: String) -> [EmoteOccurrence] {
        guard let first = emotes.map(\.begin).min() else { return emotes }
        let scalars = Array(text.unicodeScalars)
        let candidates = [7, 0, 8].filter { $0 <= first }
        let shift = candidates.first { shift in emotes.allSatisfy { $0.isWord(of: scalars, movedBy: shift) } }
        let chosen = shift ?? candidates.first ?? 0
        return emotes.map { EmoteOccurrence(id: $0.id, begin: $0.begin - chosen, end: $0.end - chosen) }
    }

    private func isWord(of text: [Unicode.Scalar], movedBy shift: Int) -> Bool {
        let (begin, end) = (self.begin - shift, self.end - shift)
        guard begin >= 0, begin < end, end <= text.count else { return false }
        return !text[begin..<end].contains(" ") && (begin == 0 || text[begin - 1] == " ")
            && (end == text.count || text[end] == " ")
    }

    /// Reads `id:start-end,start-end/id:…` (inclusive ends), sorted by place. Unreadable and reversed ranges are left out.
    static func list(_ value: ArraySlice<UInt8>) -> [EmoteOccurrence] {
        guard !value.isEmpty else { return [] }
        var occurrences: [EmoteOccurrence] = []
        for emote in value.split(separator: UInt8(ascii: "/")) {
            guard let colon = emote.lastIndex(of: .colon), colon > emote.startIndex else { continue }
            let id = TagValue.unescape(emote[..<colon])
            for range in emote[(colon + 1)...].split(separator: UInt8(ascii: ",")) {
                guard let places = InclusiveRange.read(range) else { continue }
                occurrences.append(EmoteOccurrence(id: id, begin: places.lowerBound, end: places.upperBound))
            }
        }
        // Stable for equal places, so that the order on the wire decides.
        if !zip(occurrences, occurrences.dropFirst()).allSatisfy({ $0.begin <= $1.begin }) {
            occurrences.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        }
        return occurrences
    }
}

/// `start-end` with an inclusive end.
enum InclusiveRange {
    /// Half-open; nil when unreadable, negative or reversed.
    static func read(_ bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard
            let dash = bytes.firstIndex(of: UInt8(ascii: "-")),
            let start = DecimalNumber.read(bytes[..<dash]),
            let last = DecimalNumber.read(bytes[(dash + 1)...]),
            0 <= start, start <= last, last < Int.max
        else { return nil }
        return start..<last + 1
    }
}
