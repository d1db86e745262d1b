import Testing

@testable import collector

@Suite struct LogLinesTests {
    @Test func `shows warnings and worse, with their cause`() {
        let line = #"{"time":"t","level":"warning","message":"cannot reach Twitch","error":"connection refused"}"#
        #expect(LogLines.warning(line, from: "irc-gateway") == "irc-gateway: cannot reach Twitch: connection refused")
    }

    @Test(arguments: ["info", "debug", "trace", "notice"])
    func `says nothing of quieter records`(level: String) {
        #expect(LogLines.warning(#"{"level":"\#(level)","message":"m"}"#, from: "writer") == nil)
    }

    @Test func `passes plain lines on without control characters`() {
        #expect(LogLines.warning("fatal\u{1B}[2J", from: "writer") == "fatal\u{FFFD}[2J")
    }

    @Test func `keeps the newest few and each only once`() {
        let lines = LogLines(passOn: nil)
        for line in ["a", "b", "c", "d", "b"] { lines.add(line, from: "x") }
        #expect(lines.warnings == ["c", "d", "b"])
    }
}
