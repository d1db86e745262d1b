import Foundation
import TestSupport
import Testing

/// What reaches a real terminal, and what a pipe.
@Suite(.serialized) struct TerminalTests {
    /// Runs a command on a terminal of 60 columns and prints what it wrote there, byte by byte.
    private static let script = """
        import fcntl, os, pty, struct, subprocess, sys, termios
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
        child = subprocess.Popen(sys.argv[1:], stdout=theirs)
        os.close(theirs)
        while True:
            try: data = os.read(ours, 65536)
            except OSError: break
            if not data: break
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        sys.exit(child.wait())
        """

    private static let hostile = "\u{9B}31m \u{202E}abc\u{2028}\u{200F} \u{1B}]0;title\u{7}"

    private func terminal(_ arguments: [String], _ stack: Stack) throws -> RunningProgram {
        try RunningProgram(
            Python.path,
            ["-c", Self.script, RunningProgram.programs + "/collector"] + arguments,
            environment: stack.environment,
            in: stack.directory
        )
    }

    @Test func `chat cannot steer a terminal in any form, and a pipe gets it unchanged`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startGateway()
            try await stack.joined(1)
            for format in ["raw", "json", "pretty"] {
                let arguments = [
                    "tap", "--format", format, "--count", "5", "--channel", "quietharbor", "--type",
                    "channel.chat.message",
                ]
                let shown = try terminal(arguments, stack)
                let piped = try stack.collector(arguments)
                try await eventually("both have seen enough: \(shown.errorOutput) \(piped.errorOutput)") {
                    let id = UUID().uuidString.lowercased()
                    try await stack.control.say(
                        "@badges=;color=;display-name=Nora;emotes=;id=\(id);room-id=1;user-id=2;user-type= "
                            + ":nora!nora@nora.tmi.twitch.tv PRIVMSG #quietharbor :\(Self.hostile)",
                        in: "quietharbor"
                    )
                    return !shown.isRunning && !piped.isRunning
                }
                let visible = shown.output.replacing("\r\n", with: "\n").replacing(/\u{1B}\[[0-9;]*m/, with: "")
                let steering = visible.unicodeScalars.filter {
                    $0 != "\n"
                        && ($0.properties.generalCategory == .control
                            || "\u{202E}\u{2028}\u{200F}".unicodeScalars.contains($0))
                }
                #expect(steering.isEmpty, "\(format): \(visible.debugDescription)")
                #expect(visible.split(separator: "\n").count == 5)
                if format == "raw" { #expect(piped.output.contains(Self.hostile)) }
                if format == "json" {
                    let line = try #require(visible.split(separator: "\n").first)
                    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                    #expect("\(object ?? [:])".contains("title"))
                }
            }
        }
    }

    @Test func `the live display keeps its shape whatever is said, and gives the terminal back`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let run = try terminal(["run"], stack)
            try await stack.joined(1)
            try await eventually("it shows chat") {
                let id = UUID().uuidString.lowercased()
                try await stack.control.say(
                    "@badges=;color=;display-name=Nora;emotes=;id=\(id);room-id=1;user-id=2;user-type= "
                        + ":nora!nora@nora.tmi.twitch.tv PRIVMSG #quietharbor :กำลังดูสตรีมนี้อยู่ 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦 \(Self.hostile)",
                    in: "quietharbor"
                )
                return run.output.contains("กำลัง")
            }
            let children = Children.of(run.pid)
            let pid = try #require(children.first { $0.value == "collector" }?.key)
            kill(pid, SIGINT)
            #expect(try await run.exitCode() == 0, "\(run.errorOutput)")
            let text = run.output
            #expect(text.contains("\u{1B}[?7l") && text.hasSuffix("\u{1B}[?7h\u{1B}[?25h"))
            // Behind the first lines, which scroll away what was there, every row has its address.
            let drawn = text.drop { $0.isNewline }
            #expect(!drawn.contains { $0.isNewline }, "\(drawn.prefix(400).debugDescription)")
            #expect(!text.unicodeScalars.contains("\u{9B}") && !text.contains("\u{1B}]"))
        }
    }
}
