import Testing

@testable import twitch_simulator

@Suite struct GeneratorTests {
    private func lines(_ kind: ChatKind?, count: Int, seed: UInt64 = 1, login: String = "quietharbor") -> [String] {
        var generator = ChatGenerator(seed: seed, runID: 7)
        let room = Room(login: login, seed: seed)
        return (0..<count).map { index in
            var line: [UInt8] = []
            var drawn = kind ?? generator.kinds.next(&room.random)
            if drawn == .deletion, room.recent.isEmpty { drawn = .message }
            generator.write(drawn, in: room, at: 1_790_000_000_000 + Int64(index), to: &line)
            return String(decoding: line, as: UTF8.self)
        }
    }

    @Test func `the same seed says the same, another seed something else`() {
        let first = self.lines(nil, count: 2000)
        #expect(first == self.lines(nil, count: 2000))
        #expect(first != self.lines(nil, count: 2000, seed: 2))
    }

    @Test func `every kind is a line of its command with CR LF and nothing else of either`() throws {
        for kind in ChatKind.weights.map(\.kind) {
            for line in self.lines(kind, count: 50) where kind != .deletion {
                #expect(line.hasSuffix("\r\n"))
                #expect(line.utf8.count { $0 == 10 || $0 == 13 } == 2)
                let match = try #require(
                    line.firstMatch(of: /^(@\S+ ):(\S+) ([A-Z]+) #quietharbor( :.+)?\r\n$/),
                    "\(kind): \(line)"
                )
                #expect(String(match.3) == kind.command)
                let keys = match.1.dropFirst().dropLast().split(separator: ";").map { $0.prefix { $0 != "=" } }
                #expect(Set(keys).count == keys.count, "a tag comes twice: \(line)")
                if kind.isUserNotice { #expect(line.contains(";msg-id=\(kind.rawValue);")) }
            }
        }
    }

    @Test func `numbered kinds count from 1, and their ids are UUIDs that tell the number`() throws {
        let prefix = MessageID.prefix(runID: 7, login: "quietharbor")
        #expect(prefix.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-/) != nil)
        for (index, line) in self.lines(.resub, count: 300).enumerated() {
            #expect(line.contains(";id=\(prefix)\(MessageID.hex(UInt64(index + 1), digits: 12));"))
        }
    }

    @Test func `emote ranges count Unicode scalar values`() {
        let phrase = Phrase(words: ["👋", "こんばんは", "Kappa", "👨‍👩‍👧", "Kappa", "LUL"])
        #expect(String(decoding: phrase.emotes, as: UTF8.self) == "25:8-12,20-24/425618:26-28")
    }

    @Test func `tag values are escaped`() {
        #expect(TagValue.escape("a b;c\\d\r\n") == #"a\sb\:c\\d\r\n"#)
    }

    @Test func `no two CLEARCHATs of a room have one time`() {
        var generator = ChatGenerator(seed: 1, runID: 7)
        let room = Room(login: "a", seed: 1)
        var times: Set<Substring> = []
        for index in 0..<300 {
            var line: [UInt8] = []
            generator.write([.timeout, .ban, .clear][index % 3], in: room, at: 1000, to: &line)
            let text = String(decoding: line, as: UTF8.self)
            if let time = text.firstMatch(of: /tmi-sent-ts=(\d+)/)?.1 { times.insert(time) }
        }
        #expect(times.count == 300)
    }

    @Test func `a deletion names a message that was said, each once, with its text`() throws {
        var generator = ChatGenerator(seed: 3, runID: 7)
        let room = Room(login: "a", seed: 3)
        var said: [String: String] = [:]
        var deleted: Set<String> = []
        for index in 0..<2000 {
            var line: [UInt8] = []
            let kind: ChatKind = index % 3 == 2 ? .deletion : index % 7 == 0 ? .action : .message
            generator.write(kind, in: room, at: 1000, to: &line)
            let text = String(decoding: line, as: UTF8.self)
            let trailing = String(try #require(text.firstMatch(of: /\ #a :(.*)\r\n/)?.1))
            if kind == .deletion {
                let id = String(try #require(text.firstMatch(of: /target-msg-id=([^;]+);/)?.1))
                #expect(said[id] == trailing)
                #expect(deleted.insert(id).inserted)
            } else {
                let id = String(try #require(text.firstMatch(of: /;id=([^;]+);/)?.1))
                said[id] = trailing
            }
        }
    }

    @Test func `the usual mix has every kind`() {
        let table = KindTable()
        var random = SeededRandom(seed: 1)
        let drawn = Set((0..<200_000).map { _ in table.next(&random) })
        #expect(drawn == Set(ChatKind.weights.map(\.kind)))
    }
}
