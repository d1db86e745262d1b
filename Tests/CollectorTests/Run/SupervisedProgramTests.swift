import Glibc
import Synchronization
import TestSupport
import Testing

@testable import collector

@Suite struct SupervisedProgramTests {
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
