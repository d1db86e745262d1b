import Foundation
import GRDB
import TestSupport
import Testing

/// `collector run`, as somebody starts it who has read nothing.
@Suite(.serialized) struct CollectorRunTests {
    @Test func `with nothing configured it shows a demo, heals it, and ends in order`() async throws {
        try await withTemporaryDirectory { directory in
            let run = try RunningProgram("collector", ["run", "--plain", "--rate", "200"], in: directory)
            let database = directory + "/data/demo/twitch_chats.db"
            try await eventually("rows appear; it said: \(run.errorOutput)") { Rows.count(in: database) > 100 }
            #expect(run.errorOutput.contains("this is a demo"))
            #expect(run.errorOutput.contains("CHANNELS=shroud,xqc"))
            #expect(run.errorOutput.contains(database))
            try await expectAllReady(in: directory)

            let children = Children.of(run.pid)
            #expect(
                Set(children.values)
                    == ["twitch-simulator", "irc-gateway", "writer", "token-service", "stream-poller"]
            )
            for name in ["writer", "irc-gateway", "token-service", "twitch-simulator"] {
                let pid = try #require(Children.of(run.pid).first { $0.value == name }?.key)
                let rows = Rows.count(in: database)
                kill(pid, SIGKILL)
                try await eventually("\(name) is there again; it said: \(run.errorOutput.suffix(800))") {
                    let now = Children.of(run.pid)
                    return now[pid] == nil && now.values.contains(name)
                }
                try await eventually("rows continue without the first \(name); it said: \(run.errorOutput.suffix(800))")
                {
                    Rows.count(in: database) > rows + 200
                }
                #expect(run.errorOutput.contains("\(name) ended with signal 9; starting it again"))
            }

            let remaining = Children.of(run.pid)
            run.send(SIGINT)
            let status = try await run.exitCode()
            #expect(status == 0, "\(run.errorOutput.suffix(500))")
            #expect(Children.alive(remaining).isEmpty)
            let last = try #require(run.output.split(separator: "\n").last)
            #expect(last.firstMatch(of: /stored [1-9]/) != nil, "the last line says what there is: \(last)")
            let accepted = try await acceptedMessages(of: directory + "/data/demo", directory)
            #expect(!accepted.isEmpty)
            #expect(accepted == Rows.ids(in: database), "what was accepted is stored before the end, and nothing else")
            let none = try RunningProgram("collector", ["status"], in: directory)
            let noneStatus = try await none.exitCode()
            #expect(noneStatus == 69)
        }
    }

    @Test func `when collector itself is killed nothing stays behind`() async throws {
        try await withTemporaryDirectory { directory in
            let run = try RunningProgram("collector", ["run", "--plain"], in: directory)
            try await eventually("rows appear; it said: \(run.errorOutput)") {
                Rows.count(in: directory + "/data/demo/twitch_chats.db") > 0
            }
            let children = Children.of(run.pid)
            #expect(children.count == 5)
            try await run.killNow()
            try await eventually("the children end by themselves") { Children.alive(children).isEmpty }
        }
    }

    @Test func `with channels it is no demo`() async throws {
        try await Stack.with { stack in
            let environment = stack.environment
            let run = try RunningProgram(
                "collector",
                ["run", "--plain"],
                environment: environment,
                in: stack.directory
            )
            try await stack.joined()
            try await expectAllReady(in: stack.directory, environment)
            try await stack.expectStored(try await stack.control.burst(stack.channels, 500).ids)
            // In the middle of it: some lines die in a socket, but what was accepted before the end is stored.
            _ = try await stack.control.burst(stack.channels, 3_000)
            run.send(SIGTERM)
            let status = try await run.exitCode()
            #expect(status == 0)
            #expect(!run.errorOutput.contains("demo"))
            let stored = Rows.ids(in: stack.database)
            let accepted = try await acceptedMessages(of: stack.directory + "/state", stack.directory)
            #expect(accepted.isSuperset(of: stored))
            #expect(stored.count > 500)
            // Nearly always that is all of it. A writer that this machine let wait too long finds the rest at its next start.
            if accepted != stored {
                try stack.startGateway()
                try stack.startWriter()
                try await stack.expectStored(accepted)
            }
        }
    }

    @Test func `of two gateways one may be killed, and what was said is stored once`() async throws {
        try await Stack.with { stack in
            let run = try RunningProgram(
                "collector",
                ["run", "--plain", "--gateways", "2"],
                environment: stack.environment,
                in: stack.directory
            )
            try await stack.readers(2, "at the start")
            let gateways = Children.of(run.pid).filter { $0.value == "irc-gateway" }.keys
            #expect(gateways.count == 2)
            var offered = try await stack.control.burst(stack.channels, 300).ids
            kill(try #require(gateways.min()), SIGKILL)
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await stack.readers(2, "after one was started again")
            offered.formUnion(try await stack.control.burst(stack.channels, 300).ids)
            try await stack.expectStored(offered)
            #expect(run.errorOutput.contains("ended with signal 9; starting it again"))
            run.send(SIGTERM)
            #expect(try await run.exitCode() == 0)
            #expect(run.output.contains("channels 3/3"))
        }
    }

    /// What the gateway of a state directory had accepted, asked of one that is started for this alone.
    private func acceptedMessages(of state: String, _ directory: String) async throws -> Set<String> {
        let gateway = try RunningProgram(
            "irc-gateway",
            environment: [
                "STATE_DIR": state, "CHANNELS": "quietharbor", "TWITCH_IRC_URL": "ws://127.0.0.1:1", "HTTP_PORT": "0",
            ],
            in: directory
        )
        let accepted = try await AcceptedMessages.served(by: "ipc://\(state)/bus/irc-gateway-*")
        try await gateway.stop()
        return accepted
    }

    /// Waits until `collector status` is content, and looks at what it says.
    private func expectAllReady(in directory: String, _ environment: [String: String] = [:]) async throws {
        try await eventually("status is content") {
            let status = try RunningProgram("collector", ["status"], environment: environment, in: directory)
            let code = try await status.exitCode()
            return code == 0 && status.output.contains("irc-gateway") && status.output.contains("writer")
        }
        let status = try RunningProgram("collector", ["status", "--json"], environment: environment, in: directory)
        let code = try await status.exitCode()
        #expect(code == 0)
        let services = try JSONDecoder().decode([Service].self, from: Data(status.output.utf8))
        #expect(Set(services.map(\.service)).isSuperset(of: ["irc-gateway", "writer"]))
        #expect(services.allSatisfy { $0.ready })
        #expect(services.first { $0.service == "irc-gateway" }?.figures["irc_channels_joined"] == 3)
    }

    private struct Service: Decodable {
        var service: String
        var ready: Bool
        var figures: [String: Int]
    }
}

/// Rows of a database that another process writes.
private enum Rows {
    static func count(in database: String) -> Int { ids(in: database).count }

    /// The ids of all messages; empty before there is a table.
    static func ids(in database: String) -> Set<String> {
        guard FileManager.default.fileExists(atPath: database) else { return [] }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        guard let queue = try? DatabaseQueue(path: database, configuration: configuration) else { return [] }
        defer { try? queue.close() }
        return (try? queue.read { try Set(String.fetchAll($0, sql: "SELECT id FROM chat_messages")) }) ?? []
    }
}

/// The processes that another one started, from /proc.
enum Children {
    /// Names by process id.
    static func of(_ parent: Int32) -> [Int32: String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap(Int32.init).reduce(into: [:]) { children, pid in
            guard let stat = stat(pid), stat.parent == parent, stat.state != "Z" else { return }
            children[pid] = stat.name
        }
    }

    /// Those that still run, whoever is their parent now.
    static func alive(_ processes: [Int32: String]) -> [Int32: String] {
        processes.filter { pid, name in stat(pid).map { $0.name == name && $0.state != "Z" } ?? false }
    }

    /// `pid (name) state parent …`; the kernel cuts names after 15 bytes.
    private static func stat(_ pid: Int32) -> (name: String, state: String, parent: Int32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let match = text.firstMatch(of: /\((.*)\) (\S) (\d+)/),
            let parent = Int32(match.3),
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
        else { return nil }
        return (String(program.split(separator: "/").last ?? ""), String(match.2), parent)
    }
}
