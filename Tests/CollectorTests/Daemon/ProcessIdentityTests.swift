import Foundation
import TestSupport
import Testing

@testable import collector

@Suite struct ProcessIdentityTests {
    @Test func `a name with brackets and spaces does not shift the fields`() throws {
        let fields = (4...52).map { "\($0)" }.joined(separator: " ")
        let entry = try #require(ProcessEntry(stat: "4711 (a) S 1 (b) R \(fields)"))
        #expect(entry.state == "R" && entry.parent == 4 && entry.started == 22)
        #expect(ProcessEntry(stat: "nonsense") == nil)
    }

    @Test func `a process is itself until it ends`() async throws {
        try await withTemporaryDirectory { directory in
            let program = try RunningProgram("/bin/sleep", ["600"], in: directory)
            let identity = try #require(ProcessIdentity(running: program.pid))
            #expect(identity.isRunning)
            var other = identity
            other.started += 1
            #expect(!other.isRunning, "the same number later is somebody else")
            other = identity
            other.boot = "another"
            #expect(!other.isRunning)
            try await program.killNow()
            #expect(!identity.isRunning)
        }
    }
}
