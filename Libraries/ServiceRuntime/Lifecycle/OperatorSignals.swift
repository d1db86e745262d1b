import Logging
import ServiceLifecycle
import UnixSignals

/// The signals that an operator or a neighbour may send and that would otherwise end a process without a word: SIGHUP
/// reloads, SIGUSR1, SIGUSR2 and SIGALRM are reported and change nothing.
struct OperatorSignals: Service {
    /// Everything but SIGTERM, SIGINT and SIGQUIT, which stop the service.
    static let trapped: [UnixSignal] = [.sighup, .sigusr1, .sigusr2, .sigalrm]

    /// Trapped since before the first part was built, so that no signal comes too early.
    let signals: UnixSignalsSequence
    let logger: Logger
    /// Called for each SIGHUP.
    let reload: @Sendable () async -> Void

    func run() async {
        for await signal in self.signals.cancelOnGracefulShutdown() {
            if signal == .sighup {
                await self.reload()
            } else {
                self.logger.warning(
                    "a signal that means nothing to this service was ignored",
                    metadata: .keyed([.reason: "\(signal); SIGHUP reloads, SIGTERM stops"])
                )
            }
        }
        // A part that ends by itself counts as a defect.
        try? await gracefulShutdown()
    }
}
