import Testing

@testable import ZeroMQ

/// The ZAP handler's decisions, without sockets.
struct CurveAccessTests {
    private let friend = String(repeating: "1", count: 40)

    private func request(
        _ domain: String,
        _ key: String?,
        version: String = "1.0",
        mechanism: String = "CURVE"
    ) throws -> CurveAccess.Request {
        let credentials = try key.map { [try #require(CurveKeyText.bytes($0))] } ?? []
        let texts = [version, "7", domain, "127.0.0.1", "", mechanism]
        return try #require(CurveAccess.Request(texts.map { Array($0.utf8) } + credentials))
    }

    @Test func `only a key that the domain allows is let in`() throws {
        var access = CurveAccess()
        access.allow([friend], in: "tokens.1")
        access.allow([], in: "events.2")
        #expect(try access.decide(request("tokens.1", friend)) == true)
        #expect(try access.decide(request("tokens.1", String(repeating: "2", count: 40))) == false)
        #expect(try access.decide(request("events.2", friend)) == false)
        #expect(try access.decide(request("", friend)) == false)
        #expect(try access.decide(request("tokens", friend)) == false)
    }

    @Test func `whatever is not exactly a CURVE request of this version is refused`() throws {
        var access = CurveAccess()
        access.allow([friend], in: "d")
        #expect(try access.decide(request("d", friend, mechanism: "NULL")) == false)
        #expect(try access.decide(request("d", friend, mechanism: "PLAIN")) == false)
        #expect(try access.decide(request("d", friend, version: "2.0")) == false)
        #expect(try access.decide(request("d", nil)) == false)
        #expect(CurveAccess.Request([]) == nil)
        #expect(CurveAccess.Request(Array(repeating: [], count: 5)) == nil)
    }

    @Test func `a list is replaced as a whole, and a domain that is gone lets nobody in`() throws {
        var access = CurveAccess()
        access.allow([friend], in: "d")
        access.allow([], in: "d")
        #expect(try access.decide(request("d", friend)) == false)
        access.allow([friend], in: "d")
        #expect(try access.decide(request("d", friend)) == true)
        access.remove("d")
        #expect(try access.decide(request("d", friend)) == false)
    }

    @Test func `refused keys are told once, and no more than the last sixteen`() throws {
        var access = CurveAccess()
        access.allow([], in: "d")
        for digit in 0..<20 {
            let key = "0000\(digit / 10)000\(digit % 10)" + String(repeating: "0", count: 31)
            _ = try access.decide(request("d", key))
        }
        let first = access.takeRefused(in: "d")
        let second = access.takeRefused(in: "d")
        #expect(first.count == 16 && second.isEmpty)
    }

    @Test func `the reply is six frames with the request's number`() {
        let reply = CurveAccess.reply(to: [55], isAllowed: false)
        #expect(reply == [Array("1.0".utf8), [55], Array("400".utf8), [], [], []])
        #expect(CurveAccess.reply(to: [55], isAllowed: true)[2] == Array("200".utf8))
    }
}
