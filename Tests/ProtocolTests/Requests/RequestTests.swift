import Protocol
import TestSupport
import Testing

@Suite struct RequestTests {
    @Test func `unknown keys are passed over`() throws {
        let bytes = Array(#"HEADS {"request":2,"later":{"a":[1]}}"#.utf8)
        #expect(try BusRequest.decode(bytes) == .heads(HeadsRequest(request: 2)))
        let reply = Array(#"SNAP {"later":1,"state":[1, 2],"version":3,"request":4}"#.utf8)
        #expect(try BusReply.decode(reply) == .snap(SnapReply(request: 4, version: 3, state: Array("[1, 2]".utf8))))
    }

    @Test(arguments: [
        ("", 0, "unknown_verb"), ("HELLO", 0, "unknown_verb"), (#"EAT {"request":3}"#, 3, "unknown_verb"),
        ("HELLO {", 0, "malformed"), (#"FETCH {"request":5}"#, 5, "malformed"),
        (#"FETCH {"request":5,"max_bytes":1,"after":{"x":"1-1"}}"#, 5, "malformed"),
        (#"FETCH {"request":5,"max_bytes":1,"after":{"1":"1"}}"#, 5, "malformed"), ("HEADS []", 0, "malformed"),
    ])
    func `a bad request becomes the reply that its asker should get`(text: String, request: Int, code: String) {
        let error = #expect(throws: ErrorReply.self) { try BusRequest.decode(Array(text.utf8)) }
        #expect(error?.request == request)
        #expect(error?.code == code)
        #expect(error?.message.isEmpty == false)
    }

    @Test func `a FETCH reply carries frames byte for byte`() throws {
        var generator = EventGenerator(seed: 4)
        let frames = (0..<40).map { GoldenMessages.frame(generator.event(kind: $0)) }
        let head = FetchReply(request: 1, count: frames.count, complete: false, heads: [:])
        let reply = BusReply.fetch(head, frames: frames)
        #expect(try BusReply.decode(reply.encode()) == reply)
        let empty = BusReply.fetch(FetchReply(request: 1, count: 0, complete: true, heads: [:]), frames: [])
        #expect(try BusReply.decode(empty.encode()) == empty)
    }

    @Test func `a FETCH reply that is cut off or miscounted is malformed`() throws {
        let frames = [GoldenMessages.frame(GoldenMessages.events[3])]
        let bytes = try BusReply.fetch(FetchReply(request: 1, count: 1, complete: true, heads: [:]), frames: frames)
            .encode()
        for count in 0..<bytes.count {
            #expect(throws: EnvelopeError.self) { try BusReply.decode(Array(bytes[..<count])) }
        }
        let wrong = BusReply.fetch(FetchReply(request: 1, count: 2, complete: true, heads: [:]), frames: frames)
        #expect(throws: EnvelopeError.self) { try BusReply.decode(wrong.encode()) }
    }

    @Test func `no mutation of a request or reply crashes its reader`() throws {
        var random = SeededGenerator(seed: 31)
        let requests = try GoldenMessages.requests.map { try $0.message.encode() }
        let replies = try GoldenMessages.replies.map { try $0.message.encode() }
        for round in 0..<2_000 {
            _ = try? BusRequest.decode(Mutation.apply(to: requests[round % requests.count], using: &random))
            _ = try? BusReply.decode(Mutation.apply(to: replies[round % replies.count], using: &random))
        }
    }

    @Test(arguments: ["", "hb.gw", "hb.gw\n", "hb.gw\n{}", "chat.gw\n{}"])
    func `what is not a heartbeat is malformed`(text: String) {
        #expect(throws: EnvelopeError.self) { try HeartbeatCodec.decode(Array(text.utf8)) }
    }

    @Test func `a heartbeat under another producer's topic is malformed`() throws {
        var bytes = try HeartbeatCodec.encode(GoldenMessages.heartbeat)
        bytes[3] = UInt8(ascii: "x")
        #expect(throws: EnvelopeError.self) { try HeartbeatCodec.decode(bytes) }
    }
}
