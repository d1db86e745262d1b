import Glibc
import UnixSignals

/// SIGINT, SIGTERM, SIGQUIT and the end of the terminal: the first asks for an orderly end, the second does not wait for it.
///
/// SIGUSR1, SIGUSR2 and SIGALRM mean nothing here, and would end the process if nobody took them.
enum StopSignals {
    /// Listens until the task is cancelled.
    static func listen(opening latch: Latch) async {
        var trapped: [UnixSignal] = [.sigint, .sigterm, .sigquit, .sigusr1, .sigusr2, .sigalrm]
        // nohup(1) has it ignored, and so it stays.
        if !isIgnored(SIGHUP) { trapped.append(.sighup) }
        for await signal in await UnixSignalsSequence(trapping: trapped) {
            switch signal {
            case .sigusr1, .sigusr2, .sigalrm: continue
            // A terminal that goes away may say so twice, and is no reason to hurry.
            case .sighup where latch.isOpen: continue
            default: break
            }
            if latch.isOpen {
                // What the live display has hidden; harmless where there is none.
                if Terminal.output.isInteractive { Terminal.output.write(LiveScreen.restoration) }
                _exit(130)
            }
            latch.open()
        }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(signal, nil, &action) == 0 else { return false }
        let handler = unsafe action.__sigaction_handler.sa_handler
        return unsafe unsafeBitCast(handler, to: Int.self) == 1
    }
}
