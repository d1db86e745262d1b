import Foundation
import Testing

@testable import collector

@Suite struct LiveScreenTests {
    /// What a screen wrote, and a terminal that can be resized.
    private final class Recorder {
        var size: (columns: Int, rows: Int) = (20, 6)
        var written: [String] = []
    }

    private func screen(_ recorder: Recorder) -> LiveScreen {
        LiveScreen(size: { recorder.size }, write: { recorder.written.append($0) })
    }

    @Test func `wrapping is off while it draws, and on again behind it`() {
        let recorder = Recorder()
        var screen = screen(recorder)
        screen.draw(["one"])
        screen.finish()
        #expect(recorder.written.first?.contains("\u{1B}[?7l") == true)
        #expect(recorder.written.last?.hasSuffix("\u{1B}[?7h\u{1B}[?25h") == true)
    }

    @Test(arguments: [
        "กำลังดูสตรีมนี้อยู่กำลังดูสตรีมนี้", String(repeating: "👨‍👩‍👧‍👦", count: 9), String(repeating: "e\u{301}", count: 40),
        String(repeating: "漢", count: 40), "\u{1B}[31m\u{301}" + String(repeating: "x", count: 99) + "\u{1B}[0m",
    ])
    func `no line is wider than the terminal, and each has an address of its own`(line: String) {
        let recorder = Recorder()
        var screen = screen(recorder)
        screen.draw([line, "second"])
        let text = recorder.written.last ?? ""
        #expect(!text.contains("\n"))
        let rows = text.components(separatedBy: "\u{1B}[2K").dropFirst()
        #expect(rows.count == 2)
        for row in rows {
            let shown = row.components(separatedBy: "\u{1B}[0m").first ?? ""
            #expect(TextWidth.of(styled: shown) <= 20, "\(row.debugDescription)")
        }
        #expect(text.contains("\u{1B}[1;1H\u{1B}[2K") && text.contains("\u{1B}[2;1H\u{1B}[2Ksecond"))
    }

    @Test func `the whole is painted anew when the size changes, and now and then`() {
        let recorder = Recorder()
        var screen = screen(recorder)
        func isWhole() -> Bool {
            screen.draw(["a"])
            return recorder.written.last?.contains("\u{1B}[2J") == true
        }
        #expect(isWhole())
        #expect(!isWhole() && !isWhole())
        recorder.size = (30, 6)
        #expect(isWhole())
        #expect((0..<80).count { _ in isWhole() } == 2)
    }

    @Test func `a low terminal shows the first lines and leaves a row free`() {
        let recorder = Recorder()
        recorder.size = (20, 3)
        var screen = screen(recorder)
        screen.draw(["1", "2", "3", "4"])
        #expect(recorder.written.last?.components(separatedBy: "\u{1B}[2K").count == 3)
    }
}
