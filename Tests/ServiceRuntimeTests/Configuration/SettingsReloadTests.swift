import Foundation
import Logging
import Testing

@testable import ServiceRuntime

struct SettingsReloadTests {
    @Test func `the level applies at once, other settings are named, and a broken file changes nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/collector.yaml"
            try write("log_level: info\nhttp_port: 0\n", to: file)
            let log = CapturedLines()
            let runtime = try ServiceRuntime.make(
                "writer",
                sources: ConfigurationSources(environment: [:], workingDirectory: directory),
                checkOnly: false,
                output: log.output
            )
            var quiet = runtime.logger
            quiet.logLevel = .critical
            #expect(runtime.logger.logLevel == .info)

            try write("log_level: debug\nhttp_port: 0\nchannels: [a]\nwriter_batch_rows: 5\n", to: file)
            runtime.reload.perform()
            #expect(runtime.logger.logLevel == .debug && quiet.logLevel == .critical)
            #expect(runtime.reload.current.generation == 1)
            #expect(try runtime.reload.current.settings.list("CHANNELS") == ["a"])
            let changed = log.all.filter { $0.contains("apply after a restart only") }
            #expect(changed.count == 1 && changed[0].contains("\"reason\":\"WRITER_BATCH_ROWS\""))

            for broken in ["log_level: loud\n", "log_level: [", "log_level: warning\nchanels: [b]\n"] {
                try write(broken, to: file)
                runtime.reload.perform()
                #expect(runtime.logger.logLevel == .debug)
                #expect(try runtime.reload.current.settings.list("CHANNELS") == ["a"])
            }
            #expect(log.all.count { $0.contains("settings not reloaded") } == 3)
            // Who reads files of its own is asked all the same.
            #expect(runtime.reload.current.generation == 4)
        }
    }

    @Test func `the log file is opened anew, and secrets are compared but not shown`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/x.log"
            try write("DATABASE_URL=postgresql://me:hunter2@db/a\nLOG_FILE=\(path)\n", to: "\(directory)/.env")
            let runtime = try ServiceRuntime.make(
                "writer",
                sources: ConfigurationSources(environment: [:], workingDirectory: directory),
                checkOnly: false
            )
            runtime.logger.info("one")
            try FileManager.default.moveItem(atPath: path, toPath: "\(directory)/old.log")
            try write("DATABASE_URL=postgresql://me:hunter3@db/a\nLOG_FILE=\(path)\n", to: "\(directory)/.env")
            runtime.reload.perform()
            let text = try read(path)
            #expect(text.contains("DATABASE_URL") && text.contains("reloaded") && !text.contains("hunter"))
            #expect(try read("\(directory)/old.log").contains("one"))
        }
    }
}
