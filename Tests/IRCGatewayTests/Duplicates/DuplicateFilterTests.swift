import Testing

@testable import irc_gateway

@Suite struct DuplicateFilterTests {
    let start = ContinuousClock.now

    @Test func `a key is new once`() {
        var filter = DuplicateFilter(now: start)
        let firsts = (1...5000).map { filter.insert(UInt128($0) << 64 | 7, at: start) }
        let seconds = (1...5000).map { filter.insert(UInt128($0) << 64 | 7, at: start) }
        #expect(firsts.allSatisfy { $0 } && !seconds.contains(true))
        #expect(filter.count == 5000)
    }

    @Test func `a key is remembered for ten minutes wherever in a generation it came`() {
        for offset in stride(from: 0, to: 240, by: 7) {
            var filter = DuplicateFilter(now: start)
            let seen = start + .seconds(offset)
            for second in 0...(offset + 599) {
                let now = start + .seconds(second)
                _ = filter.insert(UInt128(1000 + second), at: now)
                if now == seen { _ = filter.insert(1, at: now) }
            }
            let again = filter.insert(1, at: seen + .milliseconds(599_999))
            #expect(!again, "seen at \(offset) s")
        }
    }

    @Test func `a key is forgotten after twelve minutes`() {
        var filter = DuplicateFilter(now: start)
        _ = filter.insert(1, at: start)
        for minute in 1...12 { _ = filter.insert(UInt128(minute) + 10, at: start + .seconds(60 * minute)) }
        let isNew = filter.insert(1, at: start + .seconds(12 * 60))
        #expect(isNew)
    }

    @Test func `a long silence empties it`() {
        var filter = DuplicateFilter(now: start)
        for key in 1...100_000 { _ = filter.insert(UInt128(key), at: start) }
        let isNew = filter.insert(1, at: start + .seconds(86_400))
        #expect(isNew && filter.count == 1 && filter.bytes < 100_000)
    }

    @Test func `memory stays bounded whatever comes`() {
        var filter = DuplicateFilter(limit: 12_000, now: start)
        for key in 1...200_000 {
            _ = filter.insert(UInt128(key) &* 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835, at: start)
        }
        #expect(filter.count <= 12_000)
        #expect(filter.bytes <= 12_000 * 16 * 2 + 20_000)
    }

    @Test func `two hundred a second for twelve minutes fit into 4 MiB`() {
        var filter = DuplicateFilter(now: start)
        var generator = SystemRandomNumberGenerator()
        var largest = 0
        for tick in 0..<720 {
            for _ in 0..<200 {
                let key = UInt128(generator.next()) << 64 | UInt128(generator.next())
                _ = filter.insert(key, at: start + .seconds(tick))
            }
            largest = max(largest, filter.bytes)
        }
        #expect(filter.count >= 120_000)
        #expect(largest < 4 << 20, "\(largest) bytes")
    }

    @Test func `authors of the last messages are known, older ones forgotten`() {
        var authors = RecentAuthors(limit: 100)
        for key in 1...250 { authors.remember(UInt128(key), by: "\(key + 800_000)") }
        #expect(authors.author(of: 250) == "800250")
        #expect(authors.author(of: 151) == "800151")
        #expect(authors.author(of: 50) == nil)
        authors.remember(7, by: "not a number")
        authors.remember(8, by: "007")
        #expect(authors.author(of: 7) == nil && authors.author(of: 8) == nil)
    }
}
