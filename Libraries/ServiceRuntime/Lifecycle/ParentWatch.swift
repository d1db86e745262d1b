import Foundation
import ServiceLifecycle

/// Ends the service when its parent is gone: the parent holds our standard input, and its end closes it.
///
/// This is how a killed `collector run` leaves no orphans behind.
package struct ParentWatch: Service {
    private let descriptor: Int32

    /// `descriptor` is read until its end.
    package init(descriptor: Int32 = 0) { self.descriptor = descriptor }

    /// Returns when the descriptor ends or the service is stopped.
    package func run() async {
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let handle = FileHandle(fileDescriptor: self.descriptor, closeOnDealloc: false)
        // A thread, because the read waits: a dispatch source crashes in libdispatch when the pipe hangs up. The
        // thread of a service that is stopped otherwise ends with the process.
        Thread.detachNewThread {
            while let bytes = try? handle.read(upToCount: 1), !bytes.isEmpty {}
            continuation.finish()
        }
        for await _ in ended.cancelOnGracefulShutdown() {}
    }
}
