import Dispatch
import Foundation
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import ServiceRuntime

struct StandardOutputTests {
    private final class Reports: Sendable {
        private let kept = Mutex<[Errno]>([])
        var all: [Errno] { self.kept.withLock { $0 } }
        func add(_ error: Errno) { self.kept.withLock { $0.append(error) } }
    }

    @Test func `a full device is a failure that is reported once`() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        let reports = Reports()
        let output = StandardOutput(descriptor: full) { reports.add($0) }
        #expect(output.write("one\n") == false)
        #expect(output.write("two\n") == false)
        #expect(output.failure == .noSpace && reports.all == [.noSpace])
    }

    @Test func `a descriptor that cannot be written is a failure`() throws {
        let closed = try FileDescriptor.open("/dev/null", .readOnly)
        defer { try? closed.close() }
        let output = StandardOutput(descriptor: closed) { _ in }
        #expect(output.write("x") == false)
        #expect(output.failure == .badFileDescriptor)
    }

    @Test func `a reader that has seen enough is no failure`() throws {
        // Other tests of this process may have had it ignored already.
        signal(SIGPIPE, SIG_IGN)
        let (reading, writing) = try FileDescriptor.pipe()
        defer { try? writing.close() }
        let reports = Reports()
        let output = StandardOutput(descriptor: writing) { reports.add($0) }
        #expect(output.write("seen"))
        try reading.close()
        #expect(output.write("not seen") == false)
        #expect(output.failure == nil && reports.all.isEmpty)
    }

    @Test func `what a slow reader does not take at once arrives all the same, also on a non-blocking pipe`()
        async throws
    {
        let (reading, writing) = try FileDescriptor.pipe()
        #expect(fcntl(writing.rawValue, F_SETFL, O_NONBLOCK) == 0)
        let text = String(repeating: "0123456789", count: 100_000)
        let output = StandardOutput(descriptor: writing) { _ in }
        let handle = FileHandle(fileDescriptor: reading.rawValue, closeOnDealloc: false)
        async let read = DispatchQueue.global().result { (try? handle.readToEnd())?.count }
        let hasArrived = await DispatchQueue.global().result { output.write(text) }
        try writing.close()
        #expect(hasArrived)
        #expect(await read == text.utf8.count)
        try reading.close()
    }
}
