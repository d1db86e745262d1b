import Foundation
import TestSupport
import Testing

/// A stack whose services are daemons; none of them survives the test, whatever happens.
struct DaemonStack {
    let stack: Stack

    static func with(_ body: (DaemonStack) async throws -> Void) async throws {
        try await Stack.with { stack in
            let daemons = DaemonStack(stack: stack)
            do {
                try await body(daemons)
                try await daemons.run(["stop"])
            } catch {
                _ = try? await daemons.run(["stop"])
                throw error
            }
            // A killed supervisor's service ends a moment after it.
            try await eventually("nothing is left running: \(daemons.processes)") { daemons.processes.isEmpty }
        }
    }

    /// One `collector` command, to its end. On a machine that has a bad moment, starting may take its time.
    @discardableResult
    func run(
        _ arguments: [String],
        _ extra: [String: String] = Stack.application
    ) async throws -> (code: Int32, output: String, error: String) {
        let isWaiting = ["start", "restart"].contains(arguments.first)
        let program = try stack.collector(arguments + (isWaiting ? ["--wait", "120"] : []), extra)
        let code = try await program.exitCode()
        return (code, program.output, program.errorOutput)
    }

    /// Our programs that work in the stack's folder, by process id, but for what the test itself started.
    var processes: [Int32: String] {
        let files = FileManager.default
        let entries = (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap(Int32.init).reduce(into: [:]) { found, pid in
            guard (try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) == stack.directory,
                let program = try? files.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe"),
                let name = program.split(separator: "/").last, name != "twitch-simulator",
                let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), !stat.contains(") Z ")
            else { return }
            found[pid] = String(name)
        }
    }

    func process(_ name: String) throws -> Int32 {
        try #require(processes.first { $0.value == name }?.key, "\(name) runs: \(processes)")
    }

    /// The number in the process id file; nil where there is none.
    func pidFile(_ service: String) -> Int32? {
        let text = try? String(contentsOfFile: "\(stack.state)/run/\(service).pid", encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    struct Status: Decodable {
        var service: String
        var pid: Int32?
        var ready: Bool
        var supervisor: Int32?
        var restarts: Int?
    }

    /// What `collector status --json` says, by service.
    func status() async throws -> [String: Status] {
        let answer = try await run(["status", "--json"])
        guard answer.code != 69 else { return [:] }
        let rows = try JSONDecoder().decode([Status].self, from: Data(answer.output.utf8))
        return Dictionary(rows.map { ($0.service, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
