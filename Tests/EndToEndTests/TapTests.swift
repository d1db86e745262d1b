import Foundation
import TestSupport
import Testing

/// Listening to the bus from outside: our own tap, and the one of the documentation.
@Suite(.serialized) struct TapTests {
    @Test func `the tap shows chat for a person, as envelopes and as IRC lines`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            try await stack.control.setRate(200)
            let pretty = try await tap(stack, ["--count", "20"])
            #expect(pretty.count == 20)
            for line in pretty {
                #expect(
                    line.wholeMatch(of: /\d\d:\d\d:\d\d #(quietharbor|loudlagoon|sunken_pier)  .+/) != nil,
                    "\(line)"
                )
            }
            let envelopes = try await tap(stack, ["--count", "20", "--format", "json"])
            #expect(envelopes.count == 20)
            for line in envelopes {
                let envelope = try JSONDecoder().decode(Envelope.self, from: Data(line.utf8))
                #expect(envelope.specversion == "1.0")
                #expect(envelope.type.hasPrefix("channel.") || envelope.type.hasPrefix("collection."))
            }
            let raw = try await tap(stack, ["--count", "20", "--format", "raw"])
            #expect(raw.count == 20)
            for line in raw { #expect(line.hasPrefix("@") && line.contains(".twitch.tv "), "\(line)") }
        }
    }

    @Test func `the tap shows only the channels and types that were asked for`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            try await stack.control.setRate(400)
            let only = ["--channel", "#LoudLagoon", "--type", "channel.chat.message", "--type", "channel.ban"]
            let lines = try await tap(stack, only + ["--count", "50", "--format", "json"])
            let envelopes = try lines.map { try JSONDecoder().decode(Envelope.self, from: Data($0.utf8)) }
            #expect(envelopes.count == 50)
            #expect(Set(envelopes.map(\.subject)) == ["loudlagoon"])
            #expect(Set(envelopes.map(\.type)).isSubset(of: ["channel.chat.message", "channel.ban"]))
        }
    }

    @Test func `a tap without a gateway says where it looks, finds it later, and stops when it is told`() async throws {
        try await Stack.with { stack in
            let tap = try RunningProgram("collector", ["tap"], environment: stack.environment, in: stack.directory)
            try await eventually("it says that it waits") { tap.errorOutput.contains("no gateway found yet at ipc://") }
            try stack.startGateway()
            try await stack.joined()
            try await stack.control.setRate(100)
            try await eventually("it shows chat") { tap.output.contains("#quietharbor") }
            tap.send(SIGINT)
            let status = try await tap.exitCode()
            #expect(status == 0)
            #expect(tap.errorOutput.split(separator: "\n").count == 1, "\(tap.errorOutput)")
        }
    }

    @Test(.enabled(if: Python.hasZeroMQ, "python3-zmq is missing: make test-deps"))
    func `the lines of Python in the documentation are a tap`() async throws {
        try await Stack.with { stack in
            try stack.startGateway()
            try await stack.joined()
            try Data(try Python.block(1, of: "protocol.md").utf8)
                .write(to: URL(fileURLWithPath: stack.directory + "/tap.py"))
            let tap = try RunningProgram(
                Python.path,
                ["tap.py", "ipc://\(stack.directory)/state/bus/irc-gateway-0"],
                in: stack.directory
            )
            try await stack.control.setRate(200)
            try await eventually("100 lines came; it said: \(tap.errorOutput)") {
                tap.output.count { $0 == "\n" } > 100
            }
            try await tap.killNow()
            let lines = tap.output.split(separator: "\n").dropLast()
            let topics = lines.compactMap { $0.split(separator: " ").first }
            var logins: [String: Int] = [:]
            for topic in topics {
                let levels = topic.split(separator: ".", maxSplits: 3)
                try #require(levels.count == 4 && levels[0] == "chat" && levels[1].first == "p", "\(topic)")
                logins[String(levels[2])] = Int(levels[1].dropFirst())
            }
            #expect(logins.keys.sorted() == stack.channels.sorted())
            for (login, partition) in logins {
                let expected = try await Python.partition(of: login, in: stack.directory)
                #expect(expected == partition, "\(login)")
            }
            #expect(lines.contains { $0.contains(" PRIVMSG #quietharbor :") })
        }
    }

    /// Lines that `collector tap` prints until it ends by itself.
    private func tap(_ stack: Stack, _ arguments: [String]) async throws -> [String] {
        let tap = try RunningProgram(
            "collector",
            ["tap"] + arguments,
            environment: stack.environment,
            in: stack.directory
        )
        let status = try await tap.exitCode()
        #expect(status == 0)
        #expect(tap.errorOutput.isEmpty, "\(tap.errorOutput)")
        return tap.output.split(separator: "\n").map(String.init)
    }

    private struct Envelope: Decodable {
        var specversion: String
        var type: String
        var subject: String
    }
}

/// Debian's Python, which has Debian's pyzmq.
enum Python {
    static let path = "/usr/bin/python3"

    static var hasZeroMQ: Bool { FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/zmq") }

    /// A block of Python in a page below docs/; the first is number 1.
    static func block(_ number: Int, of page: String) throws -> String {
        let page = URL(fileURLWithPath: #filePath).appending(path: "../../../docs/\(page)").standardizedFileURL
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```python\n").dropFirst(number).first)
        return try #require(block.components(separatedBy: "```").first)
    }

    /// The partition of a channel, as any tap can compute it.
    static func partition(of login: String, in directory: String) async throws -> Int? {
        let python = try RunningProgram(
            path,
            ["-c", "import sys, zlib; print(zlib.crc32(sys.argv[1].encode()) % 32)", login],
            in: directory
        )
        let status = try await python.exitCode()
        #expect(status == 0, "\(python.errorOutput)")
        return Int(python.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
