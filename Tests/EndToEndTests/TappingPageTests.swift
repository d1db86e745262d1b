import Foundation
import GRDB
import TestSupport
import Testing

/// The Python of docs/tapping.md, as it stands there.
@Suite(.enabled(if: Python.hasZeroMQ, "python3-zmq is missing: make test-deps"))
struct TappingPageTests {
    @Test func `the live tap shows one channel`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            let tap = try program(1, [endpoint(stack), "quietharbor"], stack)
            try await stack.control.setRate(200)
            try await eventually("it shows chat: \(tap.errorOutput)") { tap.output.count { $0 == "\n" } > 20 }
            try await tap.killNow()
            #expect(tap.output.split(separator: "\n").dropLast().allSatisfy { $0.contains(": ") })
        }
    }

    @Test func `the follower has every message once, through a kill of itself and a restart of the gateway`()
        async throws
    {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 200).ids
            let arguments = [endpoint(stack), stack.directory + "/mine.db"]
            let first = try program(2, arguments, stack)
            try await expect(offered, in: stack, "what was said before it came; \(first.errorOutput)")
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await expect(offered, in: stack, "what is said while it listens; \(first.errorOutput)")

            try await first.killNow()
            offered.formUnion(try await stack.control.burst(stack.channels, 100).ids)
            let second = try program(2, arguments, stack)
            try await expect(offered, in: stack, "what was said while it was gone; \(second.errorOutput)")

            _ = try await stack.gateway?.stop()
            try stack.startGateway()
            try await stack.joined()
            offered.formUnion(try await stack.control.burst(stack.channels, 50).ids)
            try await expect(offered, in: stack, "what a new run of the gateway says; \(second.errorOutput)")
            #expect(second.errorOutput.isEmpty)
            try await second.killNow()
        }
    }

    private func endpoint(_ stack: Stack) -> String { "ipc://\(stack.directory)/state/bus/irc-gateway-0" }

    private func program(_ block: Int, _ arguments: [String], _ stack: Stack) throws -> RunningProgram {
        let file = "\(stack.directory)/block-\(block).py"
        try Data(try Python.block(block, of: "tapping.md").utf8).write(to: URL(fileURLWithPath: file))
        return try RunningProgram(Python.path, [file] + arguments, in: stack.directory)
    }

    /// Waits until the follower's own database has exactly these messages.
    private func expect(_ offered: Set<String>, in stack: Stack, _ what: Comment) async throws {
        var stored: [String] = []
        try await eventually(what) {
            stored = (try? messages(in: stack.directory + "/mine.db")) ?? []
            return stored.count >= offered.count
        }
        #expect(stored.count == offered.count && Set(stored) == offered)
    }

    private func messages(in path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { try String.fetchAll($0, sql: "SELECT id FROM message") }
    }
}
