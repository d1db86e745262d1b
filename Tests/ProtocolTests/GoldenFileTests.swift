import Foundation
import Protocol
import Testing

/// The format as it is on the wire. A difference here is a change of the protocol: `docs/protocol.md` says when that is
/// allowed. `GOLDEN=write` in the environment writes the files anew.
@Suite struct GoldenFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    private func golden(_ name: String, _ bytes: @autoclosure () throws -> [UInt8]) throws -> [UInt8] {
        let file = Self.folder.appending(path: name)
        let bytes = try bytes()
        if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
            try Data(bytes).write(to: file)
        }
        let expected = try Array(Data(contentsOf: file))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        #expect(bytes == expected)
        return expected
    }

    @Test func `every type of event has one`() {
        #expect(Set(GoldenMessages.events.map(\.type)).count == EventGenerator.kinds)
    }

    @Test(arguments: GoldenMessages.events)
    func `an event keeps its bytes and is read back by both codecs`(event: Event) throws {
        let envelope = GoldenMessages.envelope(event)
        let bytes = try golden("\(event.type.rawValue).json", EventCodec.encode(envelope))
        #expect(try EventCodec.decode(bytes) == envelope)
        #expect(try JSONDecoder().decode(Envelope.self, from: Data(bytes)) == envelope)
    }

    @Test(arguments: GoldenMessages.backfilled)
    func `a backfilled event keeps its bytes and is read back by both codecs`(event: Event) throws {
        let envelope = GoldenMessages.envelope(event)
        let bytes = try golden("\(event.type.rawValue).backfilled.json", EventCodec.encode(envelope))
        #expect(try EventCodec.decode(bytes) == envelope)
        #expect(try JSONDecoder().decode(Envelope.self, from: Data(bytes)) == envelope)
    }

    @Test func `a frame keeps its bytes`() throws {
        let bytes = try golden("frame.txt", GoldenMessages.frame(GoldenMessages.events[12]))
        #expect(FrameHeader(bytes)?.producer == "gw-7f3a")
    }

    @Test func `a heartbeat keeps its bytes and is read back`() throws {
        let bytes = try golden("heartbeat.txt", HeartbeatCodec.encode(GoldenMessages.heartbeat))
        #expect(try HeartbeatCodec.decode(bytes) == GoldenMessages.heartbeat)
        #expect(HeartbeatCodec.matches(bytes))
        #expect(FrameHeader(bytes) == nil)
    }

    @Test func `requests keep their bytes and are read back`() throws {
        for (name, message) in GoldenMessages.requests {
            let bytes = try golden("request.\(name).txt", message.encode())
            #expect(try BusRequest.decode(bytes) == message)
        }
        #expect(Set(GoldenMessages.requests.map(\.message.verb)) == Set(RequestVerb.allCases))
    }

    @Test func `replies keep their bytes and are read back`() throws {
        for (name, message) in GoldenMessages.replies {
            let bytes = try golden("reply.\(name).txt", message.encode())
            #expect(try BusReply.decode(bytes) == message)
        }
    }

    @Test(arguments: ["docs/protocol.md", "docs/asyncapi.yaml"])
    func `the documents name every type and key in these files`(document: String) throws {
        let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: document), encoding: .utf8)
        let words = Set(text.split { !($0.isLetter || $0.isNumber || "_.-".contains($0)) }.map(String.init))
        var keys: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(at: Self.folder, includingPropertiesForKeys: nil) {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                guard let start = line.firstIndex(of: "{") else { continue }
                keys.formUnion(try JSONTree(Array(line[start...].utf8)).keys)
            }
        }
        // What is data, not vocabulary: partitions, the parameters of a USERNOTICE, the state of a SNAP.
        keys = keys.filter { Int($0) == nil }.subtracting(["cumulative-months", "sub-plan", "joined"])
        try #require(keys.count > 80)
        let types = Set(GoldenMessages.events.map(\.type.rawValue))
        #expect(keys.union(types).subtracting(words.map { $0.trimmingCharacters(in: ["."]) }).sorted() == [])
        #expect(RequestVerb.allCases.allSatisfy { words.contains($0.rawValue) })
    }
}
