import Foundation
import Synchronization
import TestSupport
import Testing

/// `collector start`, `stop`, `restart` and `logs`, with the real services.
@Suite(.serialized) struct DaemonTests {
    private static let services = ["writer", "token-service", "stream-poller", "irc-gateway"]

    @Test func `services start, heal, are restarted alone, and stop in order`() async throws {
        try await DaemonStack.with { daemons in
            let start = try await daemons.run(["start"])
            #expect(start.code == 0, "\(start)")
            #expect(
                start.output.split(separator: "\n").map { $0.prefix { $0 != " " } } == Self.services.map { $0[...] }
            )
            #expect(start.output.split(separator: "\n").allSatisfy { $0.contains(" is ready (pid ") })
            let first = try await daemons.status()
            #expect(Set(first.keys) == Set(Self.services) && first.values.allSatisfy { $0.ready && $0.restarts == 0 })
            for service in Self.services { #expect(daemons.pidFile(service) == first[service]?.supervisor) }
            let before = daemons.processes

            let again = try await daemons.run(["start"])
            #expect(again.code == 0, "\(again)")
            #expect(again.output.split(separator: "\n").allSatisfy { $0.contains("is running already") })
            #expect(daemons.processes == before, "nothing was started twice")

            var offered = try await daemons.stack.control.burst(daemons.stack.channels, 200).ids
            try await daemons.stack.expectStored(offered)

            let gateway = try daemons.process("irc-gateway")
            kill(gateway, SIGKILL)
            try await eventually("the gateway is there again") {
                let status = try await daemons.status()["irc-gateway"]
                return status?.ready == true && status?.pid != gateway && status?.restarts == 1
            }
            try await daemons.stack.joined()
            offered.formUnion(try await daemons.stack.control.burst(daemons.stack.channels, 200).ids)
            try await daemons.stack.expectStored(offered)

            let writer = try daemons.process("writer")
            let others = daemons.processes.filter { $0.key != writer }
            let restart = try await daemons.run(["restart", "writer"])
            #expect(restart.code == 0 && restart.output.hasPrefix("writer is ready (pid "), "\(restart)")
            #expect(try daemons.process("writer") != writer)
            #expect(daemons.processes.filter { $0.value != "writer" } == others, "the others were left alone")
            #expect(
                try await daemons.status()["writer"]?.restarts == 0,
                "a restart that was asked for is none of trouble"
            )

            _ = try await daemons.stack.control.burst(daemons.stack.channels, 500)
            let stop = try await daemons.run(["stop"])
            #expect(stop.code == 0, "\(stop)")
            let stopped = stop.output.split(separator: "\n")
            #expect(stopped.count == 4 && stopped.allSatisfy { $0.contains(" stopped (supervisor pid ") })
            #expect(stopped.last?.hasPrefix("writer") == true, "what stores is stopped last")
            #expect(daemons.processes.isEmpty)
            for service in Self.services { #expect(daemons.pidFile(service) == nil) }
            let none = try await daemons.run(["stop"])
            #expect(none.code == 0 && none.output.contains("nothing runs as a daemon"))
        }
    }

    @Test func `a stale process id never ends a stranger`() async throws {
        try await DaemonStack.with { daemons in
            let stranger = try RunningProgram("/bin/sleep", ["600"], in: "/tmp")
            let run = daemons.stack.state + "/run"
            try FileManager.default.createDirectory(
                atPath: run,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let record = #"{"supervisor":{"boot":"another","started":1,"pid":\#(stranger.pid)},"restarts":0}"#
            try Data(record.utf8).write(to: URL(fileURLWithPath: run + "/irc-gateway.daemon"))
            try Data("\(stranger.pid)\n".utf8).write(to: URL(fileURLWithPath: run + "/irc-gateway.pid"))

            let stop = try await daemons.run(["stop", "irc-gateway"], [:])
            #expect(stop.code == 0 && stop.output == "irc-gateway is not running\n", "\(stop)")
            #expect(stranger.isRunning)
            #expect(daemons.pidFile("irc-gateway") == nil)

            try Data(record.utf8).write(to: URL(fileURLWithPath: run + "/irc-gateway.daemon"))
            try Data("\(stranger.pid)\n".utf8).write(to: URL(fileURLWithPath: run + "/irc-gateway.pid"))
            let start = try await daemons.run(["start", "irc-gateway"], [:])
            #expect(start.code == 0, "\(start)")
            #expect(daemons.pidFile("irc-gateway") != stranger.pid)
            let stopped = try await daemons.run(["stop"], [:])
            #expect(stopped.code == 0)
            #expect(stranger.isRunning)
            try await stranger.killNow()
        }
    }

    @Test func `a killed supervisor leaves no orphan, and is started again`() async throws {
        try await DaemonStack.with { daemons in
            #expect(try await daemons.run(["start", "irc-gateway"], [:]).code == 0)
            let supervisor = try #require(daemons.pidFile("irc-gateway"))
            kill(supervisor, SIGKILL)
            try await eventually("its service ends too: \(daemons.processes)") { daemons.processes.isEmpty }
            #expect(try await daemons.run(["status"], [:]).code == 69)
            let start = try await daemons.run(["start", "irc-gateway"], [:])
            #expect(start.code == 0 && start.output.contains("irc-gateway is ready"), "\(start)")
        }
    }

    @Test func `what cannot start says why in one line`() async throws {
        try await DaemonStack.with { daemons in
            let none = try await daemons.run(["start"], ["CHANNELS": ""])
            let check = try await daemons.run(["check"], ["CHANNELS": ""])
            #expect(none.code == 78 && check.code == 78)
            #expect(
                none.error.replacing("collector start", with: "") == check.error.replacing("collector check", with: "")
            )

            let wrong = try await daemons.run(["start"], ["DATABASE_URL": "mysql://root:hunter2@db/chat"])
            #expect(wrong.code == 78 && wrong.error.contains("'mysql'") && !wrong.error.contains("hunter2"), "\(wrong)")
            #expect(wrong.error.split(separator: "\n").count == 1)

            // Only seen when it really starts: the supervisor gives up, and says so to whoever asks.
            let file = URL(fileURLWithPath: daemons.stack.directory + "/file")
            try Data("this is no database, and no directory".utf8).write(to: file)
            let early = try await daemons.run(["start", "writer"], ["DATABASE_URL": "sqlite:///file/chats.db"])
            #expect(early.code == 73 && early.error.hasPrefix("collector start: "), "\(early)")
            let hopeless = try await daemons.run(["start", "writer"], ["DATABASE_URL": "sqlite:///file"])
            #expect(hopeless.code == 78, "\(hopeless)")
            #expect(
                hopeless.error.hasPrefix("writer could not start: ") && hopeless.error.contains("cannot be used"),
                "\(hopeless)"
            )
            let failed = try await daemons.run(["status"], [:])
            #expect(failed.code == 75 && failed.output.contains("could not start"), "\(failed)")
            let doctor = try await daemons.stack.doctor()
            #expect(doctor.wrong == ["writer"] && doctor.status == 78, "\(doctor)")
            #expect(doctor["writer"]?.advice == "mend that, then: collector start writer")
            #expect(daemons.processes.isEmpty && daemons.pidFile("writer") == nil)

            let unknown = try await daemons.run(["start", "reader"], [:])
            #expect(unknown.code == 64 && unknown.error.contains("irc-gateway"))

            let port = try daemons.stack.simulatorPort()
            let taken = try await daemons.run(["start", "writer"], ["WRITER_HTTP_PORT": "\(port)"])
            #expect(taken.code == 69 && taken.error.contains("WRITER_HTTP_PORT"), "\(taken)")
            // A port that a writer of the same folder says to have is no fault of the settings, and is in use all the same.
            let run = daemons.stack.directory + "/state/run"
            try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
            let pid = daemons.stack.simulator.pid
            try Data("{\"service\":\"writer\",\"pid\":\(pid),\"http\":\"127.0.0.1:\(port)\"}".utf8)
                .write(to: URL(fileURLWithPath: "\(run)/writer-\(pid).json"))
            let busy = try await daemons.run(["start", "writer"], ["WRITER_HTTP_PORT": "\(port)"])
            #expect(busy.code == 75, "\(busy)")
            #expect(busy.error.contains("does not stay up") && busy.error.contains("WRITER_HTTP_PORT"), "\(busy)")
            #expect(busy.error.split(separator: "\n").count == 1)
            let status = try await daemons.status()["writer"]
            #expect(status?.ready == false && (status?.restarts ?? 0) >= 3)
            #expect(daemons.processes.isEmpty == false)
        }
    }

    @Test func `of two gateways either is restarted alone, and nothing that was offered is lost`() async throws {
        try await DaemonStack.with { daemons in
            let start = try await daemons.run(["start", "--gateways", "2"], [:])
            #expect(start.code == 0 && start.output.contains("irc-gateway-2 is ready"), "\(start)")
            let stack = daemons.stack
            let isOver = Atomic(false)
            async let offered = {
                var offered: Set<String> = []
                while !isOver.load(ordering: .acquiring) {
                    offered.formUnion(try await stack.control.burst(stack.channels, 30).ids)
                    // The pace of the chat; nothing waits for it.
                    try await Task.sleep(for: .milliseconds(20))
                }
                return offered
            }()
            for gateway in ["irc-gateway", "irc-gateway-2", "irc-gateway"] {
                let restart = try await daemons.run(["restart", gateway], [:])
                #expect(restart.code == 0 && restart.output.hasPrefix("\(gateway) is ready"), "\(restart)")
            }
            isOver.store(true, ordering: .releasing)
            let all = try await offered
            #expect(all.count > 100)
            try await stack.expectStored(all)
            let logs = try await daemons.run(["logs", "irc-gateway-2", "-n", "5"], [:])
            #expect(logs.code == 0 && logs.output.contains(" irc-gateway-2 "), "\(logs)")
        }
    }

    @Test func `two starts at the same time make one daemon`() async throws {
        try await DaemonStack.with { daemons in
            async let one = daemons.run(["start", "irc-gateway"], [:])
            async let other = daemons.run(["start", "irc-gateway"], [:])
            let (first, second) = try await (one, other)
            #expect(first.code == 0 && second.code == 0, "\(first) \(second)")
            try await eventually("the one that came too late is gone: \(daemons.processes)") {
                daemons.processes.values.sorted() == ["collector", "irc-gateway"]
            }
        }
    }

    @Test func `a settings file that is named reaches the services, and again after a restart`() async throws {
        try await DaemonStack.with { daemons in
            try Data("channels: [sunken_pier]\n".utf8)
                .write(to: URL(fileURLWithPath: daemons.stack.directory + "/other.yaml"))
            let named = ["--config-file", "other.yaml"]
            let start = try await daemons.run(["start", "irc-gateway"] + named, ["CHANNELS": ""])
            #expect(start.code == 0, "\(start)")
            #expect(try await daemons.stack.control.joinedChannels() == 1)
            // From another shell, which knows less: the supervisor keeps what it was started with.
            let restart = try await daemons.run(["restart", "irc-gateway"], ["CHANNELS": "loudlagoon"])
            #expect(restart.code == 0, "\(restart)")
            let channels = try await daemons.stack.control.statistics().channels.filter { $0.value.readers > 0 }
            #expect(Array(channels.keys) == ["sunken_pier"])
        }
    }

    @Test func `two of a kind are refused`() async throws {
        try await DaemonStack.with { daemons in
            #expect(try await daemons.run(["start", "irc-gateway"], [:]).code == 0)
            let run = try await daemons.run(["run", "--plain"], [:])
            #expect(run.code == 69 && run.error.contains("irc-gateway runs as a daemon"), "\(run)")
            #expect(run.error.split(separator: "\n").count == 1)

            try daemons.stack.startWriter()
            let writer = try #require(daemons.stack.writer)
            try await eventually("it has a run file") {
                await Readiness.of(writer, stateDirectory: daemons.stack.state) != nil
            }
            let start = try await daemons.run(["start"], [:])
            #expect(start.code == 69 && start.error.contains("pid \(writer.pid)"), "\(start)")
            try await writer.stop()
        }
    }

    @Test func `logs are merged, rotated, and followed`() async throws {
        try await DaemonStack.with { daemons in
            let none = try await daemons.run(["logs"], [:])
            #expect(none.code == 66, "\(none)")
            let extra = [
                "LOG_FILE_SIZE": "2KiB", "LOG_FILE_KEEP": "3", "LOG_FILE": daemons.stack.directory + "/own.log",
            ]
            #expect(try await daemons.run(["start", "writer", "irc-gateway"], extra).code == 0)
            let follower = try daemons.stack.collector(["logs", "-f", "-n", "1000"], [:])
            try await eventually("both are shown") {
                follower.output.contains(" writer ") && follower.output.contains(" irc-gateway ")
            }
            for number in 2...4 {
                #expect(try await daemons.run(["restart", "writer"], extra).code == 0)
                try await eventually("start \(number) is shown; \(follower.errorOutput)") {
                    follower.output.split(separator: "\n").count { $0.contains("writer writing to the database") }
                        == number
                }
            }
            let files = FileManager.default
            #expect(files.fileExists(atPath: daemons.stack.state + "/log/writer.log.1"))
            #expect(files.fileExists(atPath: daemons.stack.directory + "/own.log"), "LOG_FILE is written as well")
            try await follower.stop()

            let last = try await daemons.run(["logs", "-n", "8"], [:])
            let times = last.output.split(separator: "\n").map { String($0.prefix(24)) }
            #expect(last.code == 0 && times.count == 8 && times == times.sorted(), "\(last)")
            let raw = try await daemons.run(["logs", "writer", "--raw", "-n", "3"], [:])
            #expect(raw.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"time\":") }, "\(raw)")
        }
    }
}
