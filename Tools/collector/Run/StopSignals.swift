import Glibc
import UnixSignals

/// SIGINT and SIGTERM: the first asks for an orderly end, the second does not wait for it.
enum StopSignals {
    static func wait(opening latch: Latch) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals {
                    if latch.isOpen { _exit(130) }
                    latch.open()
                }
            }
            await latch.wait()
        }
    }
}
