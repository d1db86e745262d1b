import Foundation
import HTTPTypes
import Testing

@testable import twitch_simulator

@Suite struct AnswerDistortionTests {
    private func distorted(_ distortion: AnswerDistortion, _ body: String) -> String {
        var reply = TwitchReply(status: 200, body: Data(body.utf8))
        distortion.apply(to: &reply)
        return String(decoding: reply.body, as: UTF8.self)
    }

    @Test func `members are set to any text, removed and put in twice`() {
        let body = #"{"a":1,"b":"x","c":[true,null]}"#
        #expect(distorted(.init(set: ["a": "1e400"]), body) == #"{"b":"x","c":[true,null],"a":1e400}"#)
        #expect(distorted(.init(remove: ["a", "c"]), body) == #"{"b":"x"}"#)
        #expect(distorted(.init(set: ["d": "null"], insert: #""a":0"#), #"{"a":1}"#) == #"{"a":0,"a":1,"d":null}"#)
    }

    @Test func `one item of a list is meant by its number`() {
        let body = #"{"data":[{"id":"1"},{"id":"2"}],"pagination":{}}"#
        #expect(
            distorted(.init(set: ["id": "null"], item: 1), body)
                == #"{"data":[{"id":"1"},{"id":null}],"pagination":{}}"#
        )
        #expect(distorted(.init(set: ["data": "null"]), body) == #"{"pagination":{},"data":null}"#)
    }

    @Test func `an answer is cut off, has other headers and another type`() {
        var reply = TwitchReply(status: 200, body: Data("{}".utf8))
        AnswerDistortion(contentType: "text/html", headers: ["Retry-After": "5"], truncate: 1).apply(to: &reply)
        #expect(reply.contentType == "text/html" && reply.body == Data("{".utf8))
        #expect(reply.headers.contains { $0.name.canonicalName == "retry-after" && $0.value == "5" })
    }

    @Test func `what is no JSON object stays`() {
        #expect(distorted(.init(set: ["a": "1"]), "<h1>") == "<h1>")
    }

    @Test func `a fault may be a whole answer of its own`() throws {
        let fault = HTTPFaultRequest(status: 200, body: "<h1>Hello</h1>", contentType: "text/html")
        try fault.check(["token"])
        var faults = HTTPFaults()
        faults.add(fault, at: 0)
        let reply = try #require(faults.take(endpoint: "token", at: 0)?.replyInstead(as: .oauth))
        #expect(reply.status == 200 && reply.contentType == "text/html")
        #expect(throws: ControlError.self) { try HTTPFaultRequest(status: 200).check(["token"]) }
        #expect(throws: ControlError.self) { try HTTPFaultRequest().check(["token"]) }
    }
}
