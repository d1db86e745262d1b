import Testing
import TwitchIRC

@Suite struct LineSplitterTests {
    private static func split(_ frame: String) -> [String] {
        var splitter = LineSplitter()
        return splitter.lines(in: Array(frame.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("PING\r\n", ["PING"]), ("PING", ["PING"]), ("a\r\nb\nc", ["a", "b", "c"]), ("\r\n\n\r\n", []), ("", []),
        ("a\rb\r\n", ["a\rb"]), ("a\r\n\r\nb\r\n", ["a", "b"]), ("a\r", ["a"]),
    ])
    func `lines end with CR LF, LF or the frame, and empty ones are dropped`(frame: String, lines: [String]) {
        #expect(Self.split(frame) == lines)
    }

    @Test func `a line over 32 KiB is dropped and counted, its neighbours stay`() {
        var splitter = LineSplitter()
        let long = String(repeating: "x", count: LineSplitter.maximumLineLength)
        #expect(splitter.lines(in: Array("a\r\n\(long)y\r\nb\r\n".utf8)).count == 2)
        #expect(splitter.droppedLines == 1)
        #expect(splitter.lines(in: Array("\(long)\r\n".utf8)).count == 1)
        #expect(splitter.droppedLines == 1)
    }
}
