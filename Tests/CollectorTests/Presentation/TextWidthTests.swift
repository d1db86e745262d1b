import Testing

@testable import collector

@Suite struct TextWidthTests {
    @Test(arguments: [("abc", 3), ("담비42", 6), ("👋", 2), ("e\u{301}", 1), ("漢字", 4), ("", 0)])
    func `counts columns, not characters`(text: String, columns: Int) {
        #expect(TextWidth.of(text) == columns)
    }

    @Test func `never cuts in the middle of a wide character`() {
        #expect(TextWidth.fit("漢字漢字", in: 6) == "漢字…")
        #expect(TextWidth.fit("short", in: 10) == "short")
        #expect(TextWidth.fit("short", in: 0) == "")
    }

    @Test func `keeps escape sequences behind the cut so that colours end`() {
        #expect(TextWidth.fit(styled: "\u{1B}[31mabcdef\u{1B}[0m", in: 4) == "\u{1B}[31mabc…\u{1B}[0m")
    }
}
