import Foundation
import ServiceLifecycle
import Testing

@testable import ServiceRuntime

struct ParentWatchTests {
    @Test func `it ends when the parent's end of the pipe is closed, not before`() async throws {
        let pipe = Pipe()
        let watch = ParentWatch(descriptor: pipe.fileHandleForReading.fileDescriptor)
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                await watch.run()
                return "watch"
            }
            try pipe.fileHandleForWriting.write(contentsOf: Data("ignored".utf8))
            try pipe.fileHandleForWriting.close()
            #expect(try await group.next() == "watch")
        }
        withExtendedLifetime(pipe) {}
    }
}
