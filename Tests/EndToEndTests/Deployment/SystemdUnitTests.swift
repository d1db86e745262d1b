import Foundation
import TestSupport
import Testing

/// deploy/systemd, judged by systemd's own tools, and a service that is started as systemd would.
struct SystemdUnitTests {
    private static let services = ["irc-gateway", "stream-poller", "token-service", "writer"]
    private static let analyze = "/usr/bin/systemd-analyze"

    static var hasSystemd: Bool { FileManager.default.isExecutableFile(atPath: analyze) }

    /// Installs the units below `directory`, with something to execute, and returns the folder of the units.
    private func install(in directory: String) async throws -> String {
        let make = try RunningProgram(
            "/usr/bin/make",
            ["--directory", MetricsPage.repository.path, "install-units", "PREFIX=\(directory)/prefix", "DESTDIR="],
            in: directory
        )
        let status = try await make.exitCode()
        #expect(status == 0, "\(make.errorOutput)")
        let bin = "\(directory)/prefix/bin"
        try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
        for service in Self.services {
            try FileManager.default.copyItem(atPath: "/bin/true", toPath: "\(bin)/\(service)")
        }
        return "\(directory)/prefix/lib/systemd/system"
    }

    @Test(.enabled(if: SystemdUnitTests.hasSystemd, "systemd is missing: make test-deps"))
    func `systemd takes the units as they are, and finds little that they may do`() async throws {
        try await withTemporaryDirectory { directory in
            let units = try await install(in: directory)
            let paths = Self.services.map { "\(units)/twitch-collector-\($0).service" }
            let verify = try RunningProgram(
                Self.analyze,
                ["verify", "--man=no", "\(units)/twitch-collector.target"] + paths,
                in: directory
            )
            let status = try await verify.exitCode()
            #expect(status == 0 && verify.errorOutput.isEmpty, "\(verify.errorOutput)")
            for path in paths {
                // The number of docs/systemd.md, times ten.
                let security = try RunningProgram(
                    Self.analyze,
                    ["security", "--offline=true", "--threshold=14", path],
                    in: directory
                )
                let status = try await security.exitCode()
                #expect(status == 0, "\(path): \(security.output.suffix(200))")
            }
        }
    }

    @Test func `an installed unit starts the installed program, and the target wants all of them`() async throws {
        try await withTemporaryDirectory { directory in
            let units = try await install(in: directory)
            let target = try String(contentsOfFile: "\(units)/twitch-collector.target", encoding: .utf8)
            for service in Self.services {
                let unit = try String(
                    contentsOfFile: "\(units)/twitch-collector-\(service).service",
                    encoding: .utf8
                )
                #expect(unit.contains("\nExecStart=\(directory)/prefix/bin/\(service)\n"))
                #expect(target.contains("twitch-collector-\(service).service"))
            }
            let files = FileManager.default
            for file in ["lib/sysusers.d/twitch-collector.conf", "share/twitch-collector/collector.env"] {
                #expect(files.fileExists(atPath: "\(directory)/prefix/\(file)"), "\(file)")
            }
        }
    }

    @Test func `each service says that it is up, that it lives, what it waits for, and that it stops`() async throws {
        try await Stack.with { stack in
            let starts: [(String, ([String: String]) throws -> Void)] = [
                ("irc-gateway", stack.startGateway), ("stream-poller", stack.startPoller),
                ("token-service", stack.startTokenService), ("writer", stack.startWriter),
            ]
            for (name, start) in starts {
                let listener = try DatagramListener("\(stack.directory)/\(name).notify")
                try start(["NOTIFY_SOCKET": "\(stack.directory)/\(name).notify", "WATCHDOG_USEC": "200000"])
                try await eventually("\(name) is up and lives: \(listener.lines)") {
                    listener.lines.contains("READY=1") && listener.lines.count { $0 == "WATCHDOG=1" } > 2
                }
                #expect(listener.lines.contains { $0.hasPrefix("STATUS=") })
                let program = [stack.gateway, stack.poller, stack.tokenService, stack.writer].compactMap(\.self)
                    .first { $0.name == name }
                let status = try await #require(program).stop()
                #expect(status == 0)
                #expect(listener.lines.contains("STOPPING=1"), "\(listener.lines.suffix(3))")
            }
        }
    }
}
