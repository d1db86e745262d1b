import Foundation
import Testing

@testable import ServiceRuntime

struct LogFileTests {
    private func output(_ path: String, limit: Int = 1 << 20, kept: Int = 2) throws -> LogOutput {
        LogOutput(descriptor: nil, file: try LogFile(path: path, limit: limit, kept: kept))
    }

    @Test func `lines are appended to what is there`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.log"
            try write("old\n", to: path)
            try self.output(path).write("new\n", coloured: "")
            #expect(try read(path) == "old\nnew\n")
        }
    }

    @Test func `a full file is renamed and only so many are kept`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.log"
            let output = try self.output(path, limit: 4)
            for number in 1...5 { output.write("line\(number)\n", coloured: "") }
            #expect(try read("\(path).1") == "line5\n")
            #expect(try read("\(path).2") == "line4\n")
            #expect(
                try Set(FileManager.default.contentsOfDirectory(atPath: directory)) == ["a.log", "a.log.1", "a.log.2"]
            )
        }
    }

    @Test func `a file that someone else renamed is made anew`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.log"
            let output = try self.output(path)
            output.write("1\n", coloured: "")
            try FileManager.default.moveItem(atPath: path, toPath: "\(path).old")
            output.write("2\n", coloured: "")
            #expect(try read("\(path).old") == "1\n")
            #expect(try read(path) == "2\n")
        }
    }

    @Test func `two services may share a file across renames without losing a line`() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/a.log"
            let outputs = [try self.output(path, limit: 600, kept: 100), try self.output(path, limit: 600, kept: 100)]
            for number in 0..<200 { outputs[number % 2].write("line \(number)\n", coloured: "") }
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files.count > 2)
            let lines = try files.flatMap { try read("\(directory)/\($0)").split(separator: "\n") }
            #expect(Set(lines.map(String.init)) == Set((0..<200).map { "line \($0)" }) && lines.count == 200)
        }
    }
}
