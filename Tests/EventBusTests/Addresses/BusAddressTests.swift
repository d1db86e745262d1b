import Foundation
import Protocol
import TestSupport
import Testing

@testable import EventBus

struct BusAddressTests {
    @Test func `requests go to the next port or to the path with req behind it`() throws {
        #expect(try BusAddress("tcp://127.0.0.1:5555").requests == "tcp://127.0.0.1:5556")
        #expect(try BusAddress("tcp://[::1]:5555").requests == "tcp://[::1]:5556")
        #expect(try BusAddress("ipc:///run/bus/gw-0").requests == "ipc:///run/bus/gw-0.req")
    }

    @Test(arguments: [
        "", "tcp://", "tcp://host", "tcp://:5555", "tcp://host:0", "tcp://host:65535", "tcp://host:x", "ipc://",
        "udp://host:1", "127.0.0.1:5555", "ipc://" + String(repeating: "x", count: 101),
    ])
    func `what cannot be an endpoint is refused with a reason`(text: String) {
        let error = #expect(throws: BusAddressError.self) { try BusAddress(text) }
        #expect(error?.description.contains("\"\(text)\"") == true)
    }

    @Test(arguments: [
        ("tcp://127.0.0.1:5555", true), ("tcp://127.8.9.10:5555", true), ("tcp://localhost:5555", true),
        ("tcp://[::1]:5555", true), ("ipc://x", true), ("tcp://0.0.0.0:5555", false), ("tcp://*:5555", false),
        ("tcp://127.evil.example.org:5555", false), ("tcp://10.0.0.1:5555", false), ("tcp://[::]:5555", false),
    ])
    func `only loopback and ipc are local`(text: String, isLocal: Bool) throws {
        #expect(try BusAddress(text).isLocal == isLocal)
    }

    @Test(arguments: [
        ("irc-gateway-0", "irc-gateway-*", true), ("irc-gateway-", "irc-gateway-*", true),
        ("stream-poller-0", "irc-gateway-*", false), ("a-b-c", "a*b*c", true), ("a-c", "a*b*c", false),
        ("aba", "ab*ba", false), ("x", "*", true), ("x", "x", true), ("xy", "x", false),
    ])
    func `a star stands for any characters`(name: String, pattern: String, matches: Bool) {
        #expect(EndpointPattern.matches(name, pattern) == matches)
    }

    @Test func `a pattern finds the sockets that are there and not their request sockets`() async throws {
        try await withTemporaryDirectory { directory in
            for name in ["gw-0", "gw-0.req", "gw-1", "other-0"] {
                try Data().write(to: URL(filePath: "\(directory)/\(name)"))
            }
            let found = try EndpointPattern("ipc://\(directory)/gw-*").addresses()
            #expect(found?.map(\.description) == ["ipc://\(directory)/gw-0", "ipc://\(directory)/gw-1"])
        }
    }

    @Test func `a pattern in a folder that does not exist yet finds nothing`() throws {
        #expect(try EndpointPattern("ipc:///nowhere/at/all/gw-*").addresses()?.isEmpty == true)
    }

    @Test func `a host name becomes all its numeric addresses`() throws {
        let found = try EndpointPattern("tcp://localhost:5555").addresses()?.map(\.description)
        #expect(found?.contains("tcp://127.0.0.1:5555") == true)
        #expect(try EndpointPattern("tcp://[::1]:5555").addresses()?.map(\.description) == ["tcp://[::1]:5555"])
    }

    @Test(arguments: ["ipc:///a*/b", "tcp://host:*"])
    func `a follower's endpoint must be one that can be looked up`(text: String) {
        #expect(throws: BusAddressError.self) { try EndpointPattern(text) }
    }
}
