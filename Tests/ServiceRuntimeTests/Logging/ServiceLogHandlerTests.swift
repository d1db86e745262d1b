import Foundation
import Logging
import Testing

@testable import ServiceRuntime

struct ServiceLogHandlerTests {
    @Test func `a JSON line is one object with the metadata beside the message`() throws {
        let lines = CapturedLines()
        var logger = lines.logger()
        logger[.producer] = "gw-1"
        logger.warning(
            "it \"broke\"\n\u{1}",
            metadata: .keyed([.channelCount: .stringConvertible(3), .reason: ["a", ["b": "c"]]])
                .merging(["message": "forged", "ok": .stringConvertible(true)]) { $1 }
        )
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("}\n") && line.filter(\.isNewline).count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["message"] as? String == "it \"broke\"\n\u{1}")
        #expect(object["level"] as? String == "warning")
        #expect(object["service"] as? String == "test")
        #expect(object["channels.count"] as? Int == 3)
        #expect(object["bus.producer"] as? String == "gw-1")
        #expect(object["metadata.message"] as? String == "forged")
        #expect(object["ok"] as? Bool == true)
        #expect(try #require(object["time"] as? String).contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/#))
    }

    @Test func `a text line cannot be forged by what it quotes`() throws {
        let lines = CapturedLines()
        lines.logger(format: .text).info("hello", metadata: ["b": "two words\nand \u{1B}[31m", "a": "1"])
        #expect(
            lines.all.first?.contains(#/^\S+ INFO     hello a=1 b="two words\\nand \\u\{1B\}\[31m"\n$/#) == true,
            "\(lines.all)"
        )
    }

    @Test func `what is below the level is not written`() {
        let lines = CapturedLines()
        lines.logger(level: .error).warning("no")
        #expect(lines.all == [])
    }

    @Test func `a secret in metadata stays hidden`() {
        let lines = CapturedLines()
        lines.logger().info(
            "x",
            metadata: ["token": .stringConvertible(Secret("hunter2")), "text": "\(Secret("hunter2"))"]
        )
        #expect(lines.all.count == 1 && !lines.all[0].contains("hunter2") && lines.all[0].contains("<redacted>"))
    }

    @Test func `lines of many threads do not mix`() async {
        let lines = CapturedLines()
        let logger = lines.logger()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 { group.addTask { for _ in 0..<100 { logger.info("x", metadata: ["t": "\(task)"]) } } }
        }
        #expect(lines.all.count == 800)
    }
}
