import Glibc
import UnixSignals

/// SIGINT and SIGTERM: the first asks for an orderly end, the second does not wait for it.
enum StopSignals {
    /// Listens until the task is cancelled.
    static func listen(opening latch: Latch) async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
            if latch.isOpen { _exit(130) }
            latch.open()
        }
    }
}
