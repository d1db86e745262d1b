import Foundation
import TestSupport
import Testing

@testable import ServiceRuntime

struct NotifySocketTests {
    @Test func `a message arrives at a path and in the abstract namespace`() async throws {
        try await withTemporaryDirectory { directory in
            for address in ["\(directory)/notify", "@tcc-\(UUID().uuidString)"] {
                let listener = try DatagramListener(address)
                let socket = try #require(NotifySocket(environment: ["NOTIFY_SOCKET": address], pid: 1))
                #expect(socket.send("READY=1", "STATUS=ready"))
                #expect(listener.messages == ["READY=1\nSTATUS=ready"])
            }
        }
    }

    @Test func `nobody who listens is no trouble`() throws {
        for address in ["/nowhere/notify", "/" + String(repeating: "x", count: 200), "@nobody-\(UUID().uuidString)"] {
            let socket = try #require(NotifySocket(environment: ["NOTIFY_SOCKET": address], pid: 1))
            #expect(!socket.send("READY=1"))
        }
    }

    @Test(arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "vsock:2:1"], ["NOTIFY_SOCKET": "@"]])
    func `without a socket of a known kind there is nothing to tell`(environment: [String: String]) {
        #expect(NotifySocket(environment: environment, pid: 1) == nil)
    }

    @Test(arguments: [
        (["WATCHDOG_USEC": "30000000"], Duration.seconds(30)), (["WATCHDOG_USEC": "0"], nil), ([:], nil),
        (["WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "7"], .seconds(5)),
        (["WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "often"], nil),
    ])
    func `the watchdog counts for the process that it is for`(environment: [String: String], limit: Duration?) {
        let all = environment.merging(["NOTIFY_SOCKET": "/run/systemd/notify"]) { $1 }
        #expect(NotifySocket(environment: all, pid: 7)?.watchdog == limit)
    }
}
