import Dispatch
import Foundation
import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#endif

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
        // A dispatch source waits in the kernel: no thread of the cooperative pool is held.
        let source = DispatchSource.makeReadSource(
            fileDescriptor: self.descriptor,
            queue: DispatchQueue(label: "parent-watch")
        )
        let handle = FileHandle(fileDescriptor: self.descriptor, closeOnDealloc: false)
        source.setEventHandler {
            let bytes = try? handle.read(upToCount: 1)
            if bytes?.isEmpty ?? true { continuation.finish() }
        }
        source.activate()
        for await _ in ended.cancelOnGracefulShutdown() {}
        source.cancel()
    }
}
