import Foundation
import Synchronization
import Testing

/// A PostgreSQL server of our own below a temporary folder: its socket is there, its port ephemeral, everybody is
/// trusted. It ends with this process, however that ends, and its folder with it.
package final class PostgresServer: Sendable {
    package let directory: String
    package let port: Int
    private let process: Mutex<Process>
    /// The server lives as long as somebody holds this open.
    private let lifeline: FileHandle

    /// The server that all tests of this process share, each with a database of its own.
    package static func shared() async throws -> PostgresServer {
        try await sharedServer.value()
    }

    private static let sharedServer = SharedServer()

    private actor SharedServer {
        private var starting: Task<PostgresServer, any Error>?

        func value() async throws -> PostgresServer {
            if let starting { return try await starting.value }
            let task = Task { try await PostgresServer() }
            starting = task
            return try await task.value
        }
    }

    /// Makes a cluster with these lines in its `postgresql.conf`, and starts it.
    package init(settings: [String] = ["fsync = off"]) async throws {
        let directory = "/tmp/tcc-pg-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let port = try FreePort.any()
        let programs = try Self.programs()
        let configuration =
            settings + [
                "listen_addresses = '127.0.0.1'", "port = \(port)", "unix_socket_directories = '\(directory)'",
                // A standby that never comes: only who asks for it waits.
                "synchronous_standby_names = 'nobody'", "synchronous_commit = local", "max_connections = 120",
                "shared_buffers = 64MB", "max_wal_size = 512MB",
            ]
        // Root may not run a server, so that it runs as the user of Debian's package. Nobody waits for the shell's
        // `cat` but the shell: it ends when the other end of the pipe is closed, by whatever ends this process.
        let script = """
            set -e
            trap : INT TERM HUP
            mkdir -m 0755 "$1"
            if [ "$(id -u)" -eq 0 ]; then chown postgres "$1"; as="runuser -u postgres --"; else as=""; fi
            cd "$1"
            $as "$2/initdb" -D "$1/data" -U collector -A trust -E UTF8 --no-sync --no-instructions >"$1/initdb.log" 2>&1
            printf '%s\\n' "$3" >> "$1/data/postgresql.conf"
            $as "$2/pg_ctl" -D "$1/data" -l "$1/data/server.log" -w -t 60 start >/dev/null
            touch "$1/ready"
            cat >/dev/null || true
            $as "$2/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1 || true
            rm -rf "$1"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", script, "postgres", directory, programs, configuration.joined(separator: "\n"),
        ]
        let pipe = Pipe()
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.directory = directory
        self.port = port
        self.process = Mutex(process)
        lifeline = pipe.fileHandleForWriting
        _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try await eventually("PostgreSQL starts in \(directory)") {
            FileManager.default.fileExists(atPath: directory + "/ready") || !self.process.withLock { $0.isRunning }
        }
        guard FileManager.default.fileExists(atPath: directory + "/ready") else {
            throw PostgresUnavailable(description: "PostgreSQL did not start in \(directory)")
        }
    }

    deinit {
        try? lifeline.close()
    }

    /// The URI of a database over the Unix socket.
    package func uri(_ database: String) -> String {
        let socket = directory.replacingOccurrences(of: "/", with: "%2F")
        return "postgresql://collector@\(socket):\(port)/\(database)"
    }

    /// The same over TCP.
    package func tcpURI(_ database: String, port: Int? = nil) -> String {
        "postgresql://collector@127.0.0.1:\(port ?? self.port)/\(database)"
    }

    /// An empty database of a new name.
    package func makeDatabase() async throws -> String {
        let name = "test_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        _ = try await psql("postgres", "CREATE DATABASE \(name) TEMPLATE template0")
        return name
    }

    package func dropDatabase(_ name: String) async throws {
        _ = try await psql("postgres", "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Runs SQL with psql, and gives its rows as text, NULL as nil.
    @discardableResult
    package func psql(_ database: String, _ sql: String) async throws -> [[String?]] {
        let null = "\u{1}"
        let output = try await Self.run(
            try Self.programs() + "/psql",
            [
                "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\u{1F}", "-R", "\u{1E}", "-P", "null=\(null)",
                "-d", uri(database), "-c", sql,
            ]
        )
        guard !output.isEmpty else { return [] }
        // The last record ends with a newline.
        let text = output.hasSuffix("\n") ? String(output.dropLast()) : output
        guard !text.isEmpty || output == "\n" else { return [] }
        return text.split(separator: "\u{1E}", omittingEmptySubsequences: false).map { record in
            record.split(separator: "\u{1F}", omittingEmptySubsequences: false).map { $0 == null ? nil : String($0) }
        }
    }

    /// What `pg_dump` writes, as SQL.
    package func dump(_ database: String) async throws -> String {
        // psql's own commands, which newer versions write, are none for `-c`.
        try await Self.run(try Self.programs() + "/pg_dump", ["--no-owner", "--inserts", "-d", uri(database)])
            .split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("\\") }
            .joined(separator: "\n") + "\n;SET search_path = public"
    }

    /// Stops the server as a crash would.
    package func stopImmediately() async throws {
        try await control(["-m", "immediate", "stop"])
    }

    /// Starts it again.
    package func start() async throws {
        try await control(["-l", directory + "/data/server.log", "-w", "-t", "60", "start"])
    }

    private func control(_ arguments: [String]) async throws {
        // Bash, because dash closes no descriptor above 9. Foundation learns of an end by a descriptor that the child holds: the server must not hold it too.
        let script = """
            (
                for descriptor in /proc/self/fd/*; do
                    number="${descriptor##*/}"
                    if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
                done
                exec "$@"
            )
            """
        var command = [try Self.programs() + "/pg_ctl", "-D", directory + "/data"] + arguments
        if geteuid() == 0 { command = ["runuser", "-u", "postgres", "--"] + command }
        _ = try await Self.run("/bin/bash", ["-c", script, "control"] + command)
    }

    /// Where Debian keeps the newest server's programs.
    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        guard let newest, FileManager.default.isExecutableFile(atPath: "\(root)/\(newest)/bin/initdb") else {
            throw PostgresUnavailable(description: "no PostgreSQL server below \(root); run make test-deps")
        }
        return "\(root)/\(newest)/bin"
    }

    private static func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runAndWait(program, arguments) })
            }
        }
    }

    private static func runAndWait(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        // Files, not pipes: a server that is started meanwhile would inherit a pipe's other end and keep it open.
        let name = "/tmp/tcc-pg-run-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        let (output, errors) = (name + ".out", name + ".err")
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        defer {
            for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) }
        }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard process.terminationStatus == 0 else {
            let reason = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
            throw PostgresUnavailable(description: "\(program): \(reason)")
        }
        return text
    }
}

/// The server could not be had, or refused a statement.
package struct PostgresUnavailable: Error, CustomStringConvertible {
    package let description: String
}
