import Foundation

/// Notices that the program that started us is gone: it holds our standard input, and its end closes it.
enum ParentWatch {
    /// Returns when standard input ends, or when the task is cancelled.
    static func parentIsGone() async {
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let input = FileHandle.standardInput
        // A thread, because the read waits: a dispatch source crashes in libdispatch when the pipe hangs up. When we are
        // stopped otherwise, the thread ends with the process.
        Thread.detachNewThread {
            while let bytes = try? input.read(upToCount: 1), !bytes.isEmpty {}
            continuation.finish()
        }
        for await _ in ended {}
    }
}
