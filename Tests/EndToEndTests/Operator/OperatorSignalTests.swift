import Foundation
import TestSupport
import Testing

/// Signals that nobody expects do not end a service without a word; SIGHUP reloads.
@Suite(.serialized) struct OperatorSignalTests {
    @Test func `every service outlives them, says so, and SIGQUIT stops it in order`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try stack.startPoller()
            try stack.startTokenService()
            try await stack.joined(1)
            for service in [stack.writer, stack.gateway, stack.poller, stack.tokenService].compactMap(\.self) {
                try await eventually("\(service.name) runs") { service.errorOutput.contains("answering health") }
                for signal in [SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE] { service.send(signal) }
                for words in ["reloaded", "SIGUSR1;", "SIGUSR2;", "SIGALRM;"] {
                    try await eventually("\(service.name) says \(words): \(service.errorOutput.suffix(600))") {
                        service.errorOutput.contains(words)
                    }
                }
                #expect(service.isRunning)
                service.send(SIGQUIT)
                let status = try await service.exitCode()
                #expect(status == 0, "\(service.name) said: \(service.errorOutput.suffix(500))")
            }
        }
    }

    @Test func `SIGHUP applies channels and the level of the log, and a broken file changes nothing`() async throws {
        try await Stack.with(channels: ["quietharbor", "loudlagoon"]) { stack in
            let settings = URL(fileURLWithPath: stack.directory + "/collector.yaml")
            try Data("channels: [quietharbor]\nlog_level: info\n".utf8).write(to: settings)
            try stack.startGateway(["CHANNELS": "", "LOG_LEVEL": ""])
            let gateway = try #require(stack.gateway)
            try await stack.joined(1)
            #expect(!gateway.errorOutput.contains("\"level\":\"debug\""))
            try Data("channels: [quietharbor, loudlagoon]\nlog_level: debug\n".utf8).write(to: settings)
            gateway.send(SIGHUP)
            try await stack.joined(2)
            try await stack.control.setRate(50)
            try await eventually("it logs more") { gateway.errorOutput.contains("\"level\":\"debug\"") }
            for broken in ["channels: [", "channels: [not-a-login]\n"] {
                let complaints = {
                    gateway.errorOutput.split(separator: "\n").count { $0.contains("\"level\":\"error\"") }
                }
                let before = complaints()
                try Data(broken.utf8).write(to: settings)
                gateway.send(SIGHUP)
                try await eventually("it is told") { complaints() > before }
            }
            #expect(try await stack.control.joinedChannels() == 2 && gateway.isRunning)
        }
    }

    @Test func `collector run outlives them too, and ends in order when its terminal is gone`() async throws {
        try await withTemporaryDirectory { directory in
            let run = try RunningProgram("collector", ["run", "--plain", "--rate", "50"], in: directory)
            let database = directory + "/data/demo/twitch_chats.db"
            try await eventually("it runs: \(run.errorOutput)") { run.output.contains("stored ") }
            for signal in [SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE] { run.send(signal) }
            let lines = { run.output.split(separator: "\n").count }
            let before = lines()
            try await eventually("it goes on") { lines() > before + 1 }
            run.send(SIGHUP)
            let status = try await run.exitCode()
            #expect(status == 0, "\(run.errorOutput.suffix(500))")
            #expect(FileManager.default.fileExists(atPath: database))
        }
    }
}
