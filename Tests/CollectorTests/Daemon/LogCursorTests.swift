import Foundation
import ServiceRuntime
import SystemPackage
import TestSupport
import Testing

@testable import collector

@Suite struct LogCursorTests {
    private func withLog(_ body: (String, (String) -> LogOutput) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(
                atPath: DaemonLog.folder(directory),
                withIntermediateDirectories: true
            )
            try await body(directory) { path in
                // Some lines fill it: rotation happens all the time.
                LogOutput(descriptor: nil, file: try? LogFile(path: path, limit: 1024, kept: 3))
            }
        }
    }

    private func line(_ number: Int) -> String {
        "2026-11-27T22:09:\(10 + number / 10).\(100 + number % 10)Z INFO     line \(number)"
    }

    private func number(_ record: LogRecord) -> Int? { record.line.split(separator: " ").last.flatMap { Int($0) } }

    @Test func `nothing is skipped or shown twice across rotations`() async throws {
        try await withLog { directory, open in
            let path = DaemonLog.path(of: .writer, stateDirectory: directory)
            let output = open(path)
            for number in 0..<30 { output.write(line(number) + "\n") }
            var cursor = LogCursor(.writer, stateDirectory: directory)
            #expect(cursor.last(5).compactMap(number) == Array(25..<30))
            var seen: [Int] = []
            for number in 30..<300 {
                output.write(line(number) + "\n")
                if number % 7 == 0 { seen += cursor.newest().compactMap(self.number) }
            }
            seen += cursor.newest().compactMap(number)
            #expect(seen == Array(30..<300))
        }
    }

    @Test func `the last lines reach back behind a rotation`() async throws {
        try await withLog { directory, open in
            let output = open(DaemonLog.path(of: .writer, stateDirectory: directory))
            for number in 0..<21 { output.write(line(number) + "\n") }
            var cursor = LogCursor(.writer, stateDirectory: directory)
            #expect(cursor.last(10).compactMap(number) == Array(11..<21))
        }
    }

    @Test func `a file that is not there yet is found when it is`() async throws {
        try await withLog { directory, open in
            var cursor = LogCursor(.writer, stateDirectory: directory)
            #expect(cursor.last(5).isEmpty && cursor.newest().isEmpty)
            let output = open(DaemonLog.path(of: .writer, stateDirectory: directory))
            output.write(line(1) + "\n")
            #expect(cursor.newest().compactMap(number) == [1])
            output.write("the beginning ")
            #expect(cursor.newest().isEmpty)
            output.write("and the end 2\n")
            #expect(cursor.newest().map(\.line) == ["the beginning and the end 2"])
        }
    }

    @Test func `records of several services are in the order of time`() {
        func record(_ time: String, _ service: String, _ line: String) -> LogRecord {
            LogRecord(time: time, service: service, line: line)
        }
        let merged = [
            record("2026-11-27T22:09:23.002Z", "writer", "b"), record("2026-11-27T22:09:23.002Z", "writer", "b2"),
            record("2026-11-27T22:09:23.001Z", "irc-gateway", "a"),
            record("2026-11-27T22:09:23.003Z", "irc-gateway", "c"),
        ].merged()
        #expect(merged.map(\.line) == ["a", "b", "b2", "c"])
    }
}
