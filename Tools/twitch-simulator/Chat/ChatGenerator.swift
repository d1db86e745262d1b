/// Writes believable lines. The same seed gives the same lines, up to ids of the run and times.
struct ChatGenerator: Sendable {
    let runID: UInt32
    let chatters: [Chatter]
    let phrases: [Phrase]
    /// Phrases of emotes only start here in `phrases`.
    let firstEmotePhrase: Int
    let kinds = KindTable()
    private var prefixes: [String: [UInt8]] = [:]

    init(seed: UInt64, runID: UInt32, chatters: Int = 2000, phrases: Int = 3000) {
        self.runID = runID
        var random = SeededRandom(seed: seed)
        self.chatters = (1...chatters).map { Chatter(number: $0, random: &random) }
        let plain = (0..<phrases).map { _ in Phrase(random: &random) }
        let emotes = (0..<phrases / 20).map { _ in Phrase(random: &random, emotesOnly: true) }
        self.phrases = plain + emotes
        self.firstEmotePhrase = plain.count
    }

    /// Appends one line with CR LF.
    mutating func write(_ kind: ChatKind, in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        if kind.isUserNotice {
            self.writeUserNotice(kind, in: room, at: milliseconds, to: &line)
        } else if kind.isNumbered {
            self.writeMessage(kind, in: room, at: milliseconds, to: &line)
        } else {
            self.writeModeration(kind, in: room, at: milliseconds, to: &line)
        }
        line.append(13)
        line.append(10)
    }

    /// The id of a room's n-th numbered line.
    mutating func messageID(room: Room, sequence: Int64) -> String {
        String(decoding: self.prefix(room), as: UTF8.self) + MessageID.hex(UInt64(sequence), digits: 12)
    }

    mutating func appendID(room: Room, sequence: Int64, to line: inout [UInt8]) {
        line += self.prefix(room)
        MessageID.append(sequence, to: &line)
    }

    private mutating func prefix(_ room: Room) -> [UInt8] {
        if let prefix = self.prefixes[room.login] { return prefix }
        let prefix = Array(MessageID.prefix(runID: self.runID, login: room.login).utf8)
        self.prefixes[room.login] = prefix
        return prefix
    }
}

extension [UInt8] {
    /// Appends a number in decimal without a String in between.
    mutating func appendDecimal(_ value: Int64) {
        if value >= 10 { self.appendDecimal(value / 10) }
        self.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    mutating func append(_ text: String) { self += text.utf8 }
}
