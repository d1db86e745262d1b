import Foundation
import TestSupport
import Testing

/// The demo as somebody meets it who is not us: another user, other programs on the usual ports, a second terminal.
@Suite(.serialized) struct DemoTests {
    /// The programs in a folder that every user may enter, and a person without rights who works beside them.
    private struct Person {
        var directory: String
        var isNobody: Bool

        /// Root becomes nobody; everybody else is somebody without rights already.
        init(in directory: String) throws {
            self.directory = directory
            isNobody = getuid() == 0
            let files = FileManager.default
            try files.createDirectory(atPath: directory + "/bin", withIntermediateDirectories: true)
            for name in ["collector", "irc-gateway", "stream-poller", "token-service", "writer", "twitch-simulator"] {
                let (from, to) = ("\(RunningProgram.programs)/\(name)", "\(directory)/bin/\(name)")
                // The same file under a name that can be reached; a copy where that is another disk.
                if (try? files.linkItem(atPath: from, toPath: to)) == nil {
                    try files.copyItem(atPath: from, toPath: to)
                }
            }
            guard isNobody else { return }
            for path in [directory, directory + "/bin"] {
                try files.setAttributes([.ownerAccountID: 65_534, .groupOwnerAccountID: 65_534], ofItemAtPath: path)
            }
        }

        func collector(_ arguments: [String], _ environment: [String: String] = [:]) throws -> RunningProgram {
            let program = directory + "/bin/collector"
            let environment = environment.merging(["HOME": directory]) { own, _ in own }
            guard isNobody else {
                return try RunningProgram(program, arguments, environment: environment, in: directory)
            }
            return try RunningProgram(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", program] + arguments,
                environment: environment,
                in: directory
            )
        }

        /// Runs a command to its end.
        func said(
            _ arguments: [String],
            _ environment: [String: String] = [:]
        ) async throws -> (status: Int32, output: String, errors: String) {
            let program = try collector(arguments, environment)
            let status = try await program.exitCode()
            return (status, program.output, program.errorOutput)
        }
    }

    /// Takes the ports that these programs are known by; who has one of them already serves as well.
    private static func takeUsualPorts() -> [Int32] {
        [3000, 8080, 9101, 9102, 9103, 9104].map { port in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
            }
            listen(descriptor, 1)
            return descriptor
        }
    }

    @Test func `any user runs it, whatever listens on the usual ports, and the second terminal finds it`() async throws
    {
        let taken = Self.takeUsualPorts()
        defer { for descriptor in taken { close(descriptor) } }
        try await withTemporaryDirectory { directory in
            let person = try Person(in: directory)
            // What is meant for the services of a machine must not reach the demo either.
            let run = try person.collector(["run", "--plain", "--rate", "100"], ["IRC_GATEWAY_HTTP_PORT": "9101"])
            try await eventually("all is ready; it said: \(run.errorOutput.suffix(800))") {
                try await person.said(["status"]).status == 0
            }
            let archive = "data/demo/twitch_chats.db"
            try await eventually("its stream is in the archive") {
                try await person.said(["stats", "--channel", "quietharbor"]).status == 0
            }
            let stats = try await person.said(["stats", "--channel", "https://twitch.tv/QuietHarbor", "--json"])
            #expect(stats.status == 0 && stats.output.hasPrefix("[") && stats.output.contains("quietharbor"))
            #expect(stats.errors.contains("reading the demo's archive") && stats.errors.contains(archive))

            let coverage = try await person.said(["coverage", "--channel", "#quietharbor", "--from", "1m"])
            #expect(coverage.status == 0 && coverage.output.contains("quietharbor"), "\(coverage)")
            #expect(coverage.errors.contains(archive))

            let check = try await person.said(["check"])
            #expect(check.status == 0 && check.output.contains("quietharbor"), "\(check)")
            #expect(check.output.contains("from the running stream-poller"))
            let direct = try await person.said(["check", "--direct", "--channel", "loudlagoon"])
            #expect(direct.status == 0 && direct.output.contains("loudlagoon"), "\(direct)")

            let tap = try await person.said(["tap", "--channel", "#QuietHarbor", "--count", "1"])
            #expect(tap.status == 0 && tap.output.contains("quietharbor"), "\(tap)")

            let doctor = try await person.said(["doctor"])
            #expect(doctor.status == 0, "\(doctor)")
            #expect(doctor.errors.contains("the demo"))

            let logs = try await person.said(["logs", "-n", "5"])
            #expect(logs.status == 0 && !logs.output.isEmpty, "\(logs)")

            // What the person names counts, and is not mixed with the demo.
            let named = try await person.said(["stats", "--channel", "a"], ["DATABASE_URL": "sqlite:///absent.db"])
            #expect(named.status == 66 && named.errors.contains("absent.db"), "\(named)")
            let real = try await person.said(["check"], ["CHANNELS": "shroud"])
            #expect(real.status == 78 && real.errors.contains("TWITCH_CLIENT_ID"), "\(real)")

            #expect(run.isRunning, "\(run.errorOutput.suffix(800))")
            #expect(!run.errorOutput.contains("starting it again"))
            run.send(SIGINT)
            #expect(try await run.exitCode() == 0)
            // The demo is over; its archive is still there, and a hint says where.
            let later = try await person.said(["stats", "--channel", "quietharbor"])
            #expect(later.status == 66 && later.errors.contains(archive), "\(later)")
        }
    }
}
