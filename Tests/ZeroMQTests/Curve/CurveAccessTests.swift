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
        access.allow([friend: "writer"], in: "tokens.1")
        access.allow([:], in: "events.2")
        #expect(try access.decide(request("tokens.1", friend)) == "writer")
        #expect(try access.decide(request("tokens.1", String(repeating: "2", count: 40))) == nil)
        #expect(try access.decide(request("events.2", friend)) == nil)
        #expect(try access.decide(request("", friend)) == nil)
        #expect(try access.decide(request("tokens", friend)) == nil)
    }

    @Test func `whatever is not exactly a CURVE request of this version is refused`() throws {
        var access = CurveAccess()
        access.allow([friend: "writer"], in: "d")
        #expect(try access.decide(request("d", friend, mechanism: "NULL")) == nil)
        #expect(try access.decide(request("d", friend, mechanism: "PLAIN")) == nil)
        #expect(try access.decide(request("d", friend, version: "2.0")) == nil)
        #expect(try access.decide(request("d", nil)) == nil)
        #expect(CurveAccess.Request([]) == nil)
        #expect(CurveAccess.Request(Array(repeating: [], count: 5)) == nil)
    }

    @Test func `a list is replaced as a whole, and a domain that is gone lets nobody in`() throws {
        var access = CurveAccess()
        access.allow([friend: "writer"], in: "d")
        access.allow([:], in: "d")
        #expect(try access.decide(request("d", friend)) == nil)
        access.allow([friend: "writer"], in: "d")
        #expect(try access.decide(request("d", friend)) == "writer")
        access.remove("d")
        #expect(try access.decide(request("d", friend)) == nil)
    }

    @Test func `refused keys are told once, and no more than the last sixteen`() throws {
        var access = CurveAccess()
        access.allow([:], in: "d")
        for digit in 0..<20 {
            let key = "0000\(digit / 10)000\(digit % 10)" + String(repeating: "0", count: 31)
            _ = try access.decide(request("d", key))
        }
        let first = access.takeRefused(in: "d")
        let second = access.takeRefused(in: "d")
        #expect(first.count == 16 && second.isEmpty)
    }

    @Test func `the reply is six frames with the request's number and the key's name`() {
        let reply = CurveAccess.reply(to: [55], name: nil)
        #expect(reply == [Array("1.0".utf8), [55], Array("400".utf8), [], [], []])
        let allowed = CurveAccess.reply(to: [55], name: "writer")
        #expect(allowed == [Array("1.0".utf8), [55], Array("200".utf8), [], Array("writer".utf8), []])
    }
}
