import Foundation
import ServiceRuntime
import Testing

@Suite struct CoreDumpsTests {
    @Test func `a process that forbids them leaves none and cannot be read by its neighbours`() {
        CoreDumps.forbid()
        #expect(!CoreDumps.areAllowed)
        // What a service reads of itself it still can.
        #expect(FileManager.default.contents(atPath: "/proc/self/stat") != nil)
        #expect((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.isEmpty == false)
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) != nil)
    }
}
