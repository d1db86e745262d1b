import Testing

@testable import collector

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("abc", 3), ("담비42", 6), ("👋", 2), ("e\u{301}", 1), ("漢字", 4), ("", 0),
        // Scalar by scalar, as terminals count: THAI CHARACTER SARA AM is a column of its own, tone marks are none.
        ("กำ", 2), ("น้ำ", 2), ("ที่", 1), ("กำลังดู", 5), ("👨‍👩‍👧‍👦", 8), ("👍🏽", 4), ("🇯🇵", 2), ("❤\u{FE0F}", 2),
        ("\u{200B}\u{200D}", 0), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("ａ", 2), ("…", 1), ("─", 1), ("\u{AD}", 1),
    ])
    func `counts columns, not characters`(text: String, columns: Int) {
        #expect(TextWidth.of(text) == columns)
    }

    @Test func `never cuts in the middle of a wide character`() {
        #expect(TextWidth.fit("漢字漢字", in: 6) == "漢字…")
        #expect(TextWidth.fit("short", in: 10) == "short")
        #expect(TextWidth.fit("short", in: 0) == "")
    }

    @Test func `what is one character stays whole or goes`() {
        #expect(TextWidth.fit("ab👨‍👩‍👧‍👦cd", in: 8) == "ab…")
        #expect(TextWidth.fit("กำกำกำ", in: 4) == "ก\u{E33}…")
    }

    @Test func `a combining mark behind a colour does not hide the rest`() {
        let text = "\u{1B}[31m\u{301}abcdef\u{1B}[0m"
        #expect(TextWidth.of(styled: text) == 6)
        #expect(TextWidth.fit(styled: text, in: 3).contains("ab…"))
    }

    @Test func `nothing printable steers a terminal`() {
        let text = "a\u{1B}\u{9B}\u{7F}\u{2028}\u{2029}\u{200E}\u{200F}\u{061C}\u{202E}\u{2066}b"
        #expect(text.printable == "a" + String(repeating: "\u{FFFD}", count: 10) + "b")
    }

    @Test func `keeps escape sequences behind the cut so that colours end`() {
        #expect(TextWidth.fit(styled: "\u{1B}[31mabcdef\u{1B}[0m", in: 4) == "\u{1B}[31mabc…\u{1B}[0m")
    }
}
