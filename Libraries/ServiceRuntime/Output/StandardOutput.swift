import Synchronization
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard output of a program, which remembers whether everything that was written has arrived.
///
/// A reader that closed its end of a pipe has seen enough: that is no failure, and nobody is told. A full disk, a closed
/// descriptor or a dead terminal is one: the first is reported in one line on standard error, and
/// ``failure`` lets the program end with ``ExitStatus/inputOutput``.
package final class StandardOutput: Sendable {
    /// The one of this process.
    package static let process = StandardOutput(descriptor: .standardOutput, report: StandardOutput.report)

    private let descriptor: FileDescriptor
    private let report: @Sendable (Errno) -> Void
    private let firstFailure = Mutex<Errno?>(nil)

    /// - Parameters:
    ///   - descriptor: Written to; it is not closed.
    ///   - report: Called with the first failure, once.
    package init(descriptor: FileDescriptor, report: @escaping @Sendable (Errno) -> Void) {
        self.descriptor = descriptor
        self.report = report
    }

    /// The first error other than a closed pipe; nil as long as there was none.
    package var failure: Errno? { self.firstFailure.withLock { $0 } }

    /// Writes everything, whatever the kernel takes at once. Blocks while the reader is slow.
    /// - Returns: False when it did not arrive: nobody reads any more, or writing failed.
    @discardableResult
    package func write(_ text: String) -> Bool {
        guard let error = self.descriptor.writeWhole(text) else { return true }
        guard error != .brokenPipe else { return false }
        let isFirst = self.firstFailure.withLock { first in
            guard first == nil else { return false }
            first = error
            return true
        }
        if isFirst { self.report(error) }
        return false
    }

    private static func report(_ error: Errno) {
        let program = CommandLine.arguments.first?.split(separator: "/").last ?? "program"
        let reason = error == .badFileDescriptor ? "it is closed" : "\(error)"
        _ = FileDescriptor.standardError.writeWhole(
            "\(program): cannot write to standard output: \(reason); what it shows is not complete\n"
        )
    }
}

extension FileDescriptor {
    /// Writes all of `text`; nil when that succeeded. Waits for a descriptor that another program made non-blocking.
    package func writeWhole(_ text: String) -> Errno? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            do {
                let count = try unsafe bytes.withUnsafeBytes { unsafe try self.write($0) }
                bytes = bytes.dropFirst(count)
            } catch let error as Errno {
                guard error == .resourceTemporarilyUnavailable || error == .wouldBlock else { return error }
                var target = pollfd(fd: self.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&target, 1, -1)
            } catch {
                return .ioError
            }
        }
        return nil
    }
}
