import Foundation
import TestSupport
import Testing

/// `deploy/roll`, with a docker that only keeps a list of containers.
@Suite(.serialized) struct RollTests {
    /// A folder `containers` with a file for each container, named after it, that holds its service; and a log of what was done.
    private static let docker = """
        #!/bin/bash
        cd "$FAKE" || exit 1
        list() { grep -lx "$1" containers/* 2>/dev/null | sed 's|.*/||' | sort; }
        start() { n=$(( $(cat next) + 1 )); echo $n > next; echo "$1" > "containers/c$n"; }
        case "$*" in
            "compose --file "*)
                shift 3
                case "$*" in
                    "ps --services") cat containers/* | sort -u ;;
                    "ps --quiet "*) list "$3" ;;
                    "up "*)
                        echo "$*" >> log
                        [ ! -e refuses ] || exit 1
                        service=${*: -1}
                        wanted=$(grep -o "$service=[0-9]*" <<< "$*" | cut -d= -f2)
                        while (( $(list "$service" | wc -l) < ${wanted:-2} )); do start "$service"; done ;;
                esac ;;
            "inspect "*) if [ -e sick ]; then echo unhealthy; else echo healthy; fi ;;
            "stop "* | "rm "*) echo "$*" >> log; case "$1" in rm) rm "containers/${*: -1}" ;; esac ;;
            "logs "*) echo "why it is not healthy" >&2 ;;
        esac
        """

    /// Two gateways and a writer run; `body` gets the folder.
    private func withContainers(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let files = FileManager.default
            try files.createDirectory(atPath: directory + "/containers", withIntermediateDirectories: false)
            for (name, text) in [
                "containers/c1": "irc-gateway\n", "containers/c2": "irc-gateway\n", "containers/c3": "writer\n",
                "next": "3\n", "docker": Self.docker,
            ] { try text.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8) }
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/docker")
            try await body(directory)
        }
    }

    private func roll(_ arguments: [String], in directory: String) async throws -> (status: Int32, errors: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let program = try RunningProgram(
            MetricsPage.repository.appending(path: "deploy/roll").path,
            arguments,
            environment: ["PATH": "\(directory):\(path)", "FAKE": directory, "ROLL_PATIENCE": "1"],
            in: directory
        )
        let status = try await program.exitCode()
        return (status, program.errorOutput)
    }

    private func log(_ directory: String) -> [String] {
        let text = (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    private func containers(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory + "/containers").sorted()
    }

    @Test func `each gateway is replaced when a new one is healthy, one after the other`() async throws {
        try await withContainers { directory in
            let rolled = try await roll(["irc-gateway"], in: directory)
            #expect(rolled.status == 0, "\(rolled)")
            let up = "up --detach --no-deps --no-recreate"
            #expect(
                log(directory) == [
                    "\(up) --scale irc-gateway=3 irc-gateway", "stop c1", "rm c1",
                    "\(up) --scale irc-gateway=3 irc-gateway", "stop c2", "rm c2", "\(up) irc-gateway",
                ]
            )
            #expect(try containers(directory) == ["c3", "c4", "c5"])
        }
    }

    @Test func `without names everything that runs is replaced, gateways last`() async throws {
        try await withContainers { directory in
            let rolled = try await roll([], in: directory)
            #expect(rolled.status == 0, "\(rolled)")
            let lines = log(directory)
            #expect(lines.first == "up --detach --no-deps --wait writer")
            #expect(lines.dropFirst().allSatisfy { !$0.hasSuffix("writer") })
            #expect(!lines.contains { $0.contains("sqlite") }, "what does not run is not started")
        }
    }

    @Test func `a new gateway that does not become healthy is taken away, and the old ones go on`() async throws {
        try await withContainers { directory in
            _ = FileManager.default.createFile(atPath: directory + "/sick", contents: nil)
            let rolled = try await roll(["irc-gateway"], in: directory)
            #expect(rolled.status == 75)
            #expect(rolled.errors.contains("why it is not healthy") && rolled.errors.contains("left alone"))
            #expect(!log(directory).contains { $0.hasPrefix("stop") })
            #expect(try containers(directory) == ["c1", "c2", "c3"])
        }
    }

    @Test func `where no new one can be started nothing is stopped`() async throws {
        try await withContainers { directory in
            _ = FileManager.default.createFile(atPath: directory + "/refuses", contents: nil)
            let rolled = try await roll(["irc-gateway"], in: directory)
            #expect(rolled.status == 69 && rolled.errors.contains("left alone"), "\(rolled)")
            #expect(try containers(directory) == ["c1", "c2", "c3"])
        }
    }
}
