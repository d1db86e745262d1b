import Foundation
import Synchronization
import TestSupport
import Testing

@testable import collector

@Suite struct SupervisedProgramTests {
    @Test func `a program that is not there is tried again`() async throws {
        try await withTemporaryDirectory { directory in
            let words = Mutex<[String]>([])
            let program = SupervisedProgram(
                .init(
                    name: "absent",
                    executable: directory + "/absent",
                    environment: [:],
                    directory: directory,
                    arguments: { ["600"] },
                    ended: { _, line in words.withLock { $0.append(line) } }
                ),
                lines: LogLines(passOn: nil)
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await program.run() }
                try await eventually("it was tried twice") { words.withLock { $0.count } >= 2 }
                #expect(words.withLock { $0 }.allSatisfy { $0.contains("/absent cannot be run") })
                try FileManager.default.createSymbolicLink(
                    atPath: directory + "/absent",
                    withDestinationPath: "/bin/sleep"
                )
                try await eventually("it runs as soon as it is there") { program.pid != nil }
                await program.stopAndWait()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a restart that is asked for is no trouble, an end that nobody asked for is`() async throws {
        let endings = Mutex<[ChildProcess.Ending]>([])
        let program = SupervisedProgram(
            .init(
                name: "sleep",
                executable: "/bin/sleep",
                environment: [:],
                directory: "/tmp",
                arguments: { ["600"] },
                ended: { ending, _ in endings.withLock { $0.append(ending) } }
            ),
            lines: LogLines(passOn: nil)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await program.run() }
            try await eventually("it runs") { program.pid != nil }
            let first = program.pid
            program.restart()
            try await eventually("another one runs") { program.pid != nil && program.pid != first }
            #expect(endings.withLock { $0 } == [])
            let second = try #require(program.pid)
            kill(second, SIGKILL)
            try await eventually("a third one runs") { program.pid != nil && program.pid != second }
            #expect(endings.withLock { $0 } == [.signalled(SIGKILL)])
            await program.stopAndWait()
            #expect(program.pid == nil)
            try await group.waitForAll()
        }
    }
}
