import Foundation
import TestSupport
import Testing

/// Real processes, and a database that is not the one that the journals are kept for.
@Suite(.serialized) struct ForeignDatabaseTests {
    @Test func `a wrong database gets not one row, and writer and gateway say so`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            let foreign = stack.directory + "/foreign.db"
            let maker = try RunningProgram(
                "writer",
                environment: stack.environment.merging(
                    ["DATABASE_URL": "sqlite:///" + foreign, "STATE_DIR": stack.directory + "/other"]
                ) { $1 },
                in: stack.directory
            )
            try await eventually("there is another archive; \(maker.errorOutput)") {
                FileManager.default.fileExists(atPath: foreign) && maker.errorOutput.contains("writing to the database")
            }
            try await maker.stop()
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            var offered = try await stack.control.burst(stack.channels, 50).ids
            try await stack.expectStored(offered)
            _ = try await stack.writer?.stop()

            try stack.startWriter(["DATABASE_URL": "sqlite:///" + foreign])
            offered.formUnion(try await stack.control.burst(stack.channels, 50).ids)
            for (program, words) in [(stack.writer, "kept for another database"), (stack.gateway, "another database")] {
                let program = try #require(program)
                try await eventually("\(program.name) is not ready") {
                    let answer = await Readiness.of(program, stateDirectory: stack.directory + "/state")
                    return answer?.status == 503 && answer?.body.contains(words) == true
                }
            }
            _ = try await stack.writer?.stop()
            #expect(try rows(foreign) == "0")
            try stack.startWriter()
            try await stack.expectStored(offered)
        }
    }

    @Test func `an empty database beside journals waits until it is restored, or told to begin`() async throws {
        try await Stack.with(channels: ["quietharbor"]) { stack in
            try stack.startWriter()
            try stack.startGateway()
            try await stack.joined()
            let offered = try await stack.control.burst(stack.channels, 50).ids
            try await stack.expectStored(offered)
            _ = try await stack.writer?.stop()
            let kept = stack.directory + "/kept.db"
            try FileManager.default.moveItem(atPath: stack.database, toPath: kept)
            try stack.startWriter()
            let writer = try #require(stack.writer)
            try await eventually("it waits") {
                let answer = await Readiness.of(writer, stateDirectory: stack.directory + "/state")
                return answer?.status == 503 && answer?.body.contains("WRITER_NEW_ARCHIVE") == true
            }
            #expect(!FileManager.default.fileExists(atPath: stack.database))
            try FileManager.default.moveItem(atPath: kept, toPath: stack.database)
            try await eventually("it goes on") { writer.errorOutput.contains("writing to the database") }
            _ = try await stack.writer?.stop()

            // All that the journal still has goes into the new one.
            try FileManager.default.removeItem(atPath: stack.database)
            try stack.startWriter(["WRITER_NEW_ARCHIVE": "true"])
            try await stack.expectStored(offered)
            _ = try await stack.writer?.stop()
            try stack.startWriter()
            let more = try await stack.control.burst(stack.channels, 20).ids
            try await stack.expectStored(offered.union(more))
        }
    }

    private func rows(_ path: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM chat_messages').fetchone()[0])",
            path,
        ]
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
