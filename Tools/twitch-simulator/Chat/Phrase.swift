/// A text with its emotes, rendered once.
struct Phrase: Sendable {
    let text: String
    let bytes: [UInt8]
    /// The `emotes` tag: ranges count Unicode scalar values, inclusive.
    let emotes: [UInt8]

    init(random: inout SeededRandom, emotesOnly: Bool = false) {
        var words: [String] = []
        if !emotesOnly {
            if random.chance(25) { words.append(random.pick(Vocabulary.emoji)) }
            words.append(random.pick(Vocabulary.openings))
            if random.chance(15) { words.append("\(random.below(1000))") }
        }
        if emotesOnly || random.chance(45) {
            let emote = random.pick(Vocabulary.emotes).name
            words += Array(repeating: emote, count: 1 + random.below(3))
        }
        if !emotesOnly {
            words.append(random.pick(Vocabulary.endings))
            if random.chance(20) { words.append(random.pick(Vocabulary.emotes).name) }
        }
        self.init(words: words.filter { !$0.isEmpty })
    }

    /// A text of words; those that are emotes' names are emotes.
    init(words: [String]) {
        self.text = words.joined(separator: " ")
        self.bytes = Array(self.text.utf8)
        var ranges: [(id: String, ranges: [String])] = []
        var start = 0
        for word in words.flatMap({ $0.split(separator: " ") }) {
            let length = word.unicodeScalars.count
            if let emote = Vocabulary.emotes.first(where: { $0.name == word }) {
                let range = "\(start)-\(start + length - 1)"
                if let index = ranges.firstIndex(where: { $0.id == emote.id }) {
                    ranges[index].ranges.append(range)
                } else {
                    ranges.append((emote.id, [range]))
                }
            }
            start += length + 1
        }
        self.emotes = Array(ranges.map { "\($0.id):\($0.ranges.joined(separator: ","))" }.joined(separator: "/").utf8)
    }
}
