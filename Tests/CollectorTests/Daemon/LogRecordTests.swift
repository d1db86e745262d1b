import Testing

@testable import collector

@Suite struct LogRecordTests {
    private let json =
        #"{"time":"2026-11-27T22:09:23.123Z","level":"warning","service":"writer","message":"Slow","n":3,"why":"a b"}"#

    @Test func `the time is found in both formats, and only where it is one`() {
        #expect(LogRecord.time(of: json) == "2026-11-27T22:09:23.123Z")
        #expect(LogRecord.time(of: "2026-11-27T22:09:23.123Z INFO     ready") == "2026-11-27T22:09:23.123Z")
        #expect(LogRecord.time(of: "Fatal error: index out of range, says the machine Z") == nil)
        #expect(LogRecord.time(of: "{}") == nil && LogRecord.time(of: "") == nil)
    }

    @Test func `a record is a line for a person`() {
        let style = Style(isColoured: false)
        let time = "2026-11-27T22:09:23.123Z"
        #expect(
            LogRecord(time: time, service: "writer", line: json).text(style)
                == "\(time) WARNING  writer Slow n=3 why=\"a b\""
        )
        #expect(
            LogRecord(time: time, service: "writer", line: "\(time) INFO     ready").text(style)
                == "\(time) writer INFO     ready"
        )
        #expect(
            LogRecord(time: time, service: "writer", line: "cut\u{1B}[2J").text(style)
                == "\(time) writer cut\u{FFFD}[2J"
        )
    }
}
