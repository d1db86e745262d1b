import Foundation
import TestSupport
import Testing

/// Where output cannot be written, a command says so in one line and does not end with 0; a reader that has seen enough is
/// no error.
@Suite(.serialized) struct OutputTests {
    /// Ends a command's line so that its standard output is of some kind.
    private enum Kind: String, CaseIterable {
        case full = "> /dev/full"
        case closed = ">&-"
        case pipe = "| true"
    }

    @Test func `every command tells that its output did not arrive, and none that its reader left`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined(1)
            try await stack.control.setRate(200)
            try await eventually("there is an archive") { stack.rows("chat_messages") > 0 }
            let log =
                "{\"time\":\"2026-11-29T10:00:00.000Z\",\"level\":\"info\",\"service\":\"writer\",\"message\":\"one\"}\n"
            try FileManager.default.createDirectory(atPath: stack.state + "/log", withIntermediateDirectories: true)
            try Data(log.utf8).write(to: URL(fileURLWithPath: stack.state + "/log/writer.log"))
            let commands = [
                "collector status", "collector status --json", "collector coverage", "collector coverage --json",
                "collector coverage --channel quietharbor", "collector tap --count 3",
                "collector tap --count 3 --format json",
                "collector tap --count 3 --format raw", "collector logs", "collector logs --raw", "collector doctor",
                "collector doctor --json", "collector auth status", "collector --help",
                "collector --version", "collector stats --help", "collector help tap",
                "collector --generate-completion-script bash", "writer --check-config", "irc-gateway --help",
            ]
            for command in commands {
                let plain = try await run(command, "", stack)
                for kind in Kind.allCases {
                    let (status, said) = try await run(command, kind.rawValue, stack)
                    if kind == .pipe {
                        #expect(said == plain.said, "\(command) said: \(said)")
                        continue
                    }
                    #expect(status == (plain.status == 0 ? 74 : plain.status), "\(command) \(kind) said: \(said)")
                    let lines = said.split(separator: "\n").filter { $0.contains("cannot write to standard output: ") }
                    #expect(lines.count == 1, "\(command) \(kind.rawValue) said: \(said)")
                    #expect(said.split(separator: "\n").count == plain.said.split(separator: "\n").count + 1)
                }
            }
        }
    }

    @Test func `a terminal that is gone is an error too`() async throws {
        try await withTemporaryDirectory { directory in
            let script = """
                import os, pty, subprocess, sys
                ours, theirs = pty.openpty()
                # Held back until the terminal is gone.
                go, hold = os.pipe()
                child = subprocess.Popen(["/bin/sh", "-c", 'read x; exec "$@"', "sh"] + sys.argv[1:], stdin=go, stdout=theirs)
                os.close(theirs)
                os.close(ours)
                os.write(hold, b"\\n")
                sys.exit(child.wait())
                """
            let program = try RunningProgram(
                Python.path,
                ["-c", script, RunningProgram.programs + "/collector", "--help"],
                in: directory
            )
            #expect(try await program.exitCode() == 74)
            #expect(program.errorOutput.split(separator: "\n").count == 1, "\(program.errorOutput)")
            #expect(program.errorOutput.contains("cannot write to standard output: "))
        }
    }

    /// The status of a command whose standard output is as `kind` says, and what it wrote to standard error.
    private func run(_ command: String, _ kind: String, _ stack: Stack) async throws -> (status: Int32, said: String) {
        let shell = try RunningProgram(
            "/bin/bash",
            ["-c", "\(RunningProgram.programs)/\(command) \(kind); exit ${PIPESTATUS[0]}"],
            environment: stack.environment,
            in: stack.directory
        )
        return (try await shell.exitCode(), shell.errorOutput)
    }
}
