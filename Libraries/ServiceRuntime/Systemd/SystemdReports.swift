import NIOCore
import ServiceLifecycle

/// Tells systemd (`Type=notify`) when the service is up, how it is, that it lives, and that it stops.
///
/// *Up* means that every part runs and `/health` answers, not that Twitch or the database can be reached: a service that
/// waits for them must not be started again for that. `STATUS=` says what it waits for, in `systemctl status`.
struct SystemdReports: Service {
    /// How often the status is looked at where no watchdog asks for more.
    static let interval = Duration.seconds(2)

    /// Where systemd hears us.
    let socket: NotifySocket
    /// What the status is made of.
    let health: Health
    /// Yields the loop of the HTTP server once it is bound; ends at once where there is none.
    let serving: AsyncStream<any EventLoop>

    func run() async {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await self.report() }
        } onGracefulShutdown: {
            self.socket.send("STOPPING=1", "STATUS=stopping")
        }
        // Stopped by now, or cancelled; a part that ends by itself counts as a defect.
        try? await gracefulShutdown()
    }

    private func report() async {
        var loop: (any EventLoop)?
        for await bound in self.serving {
            loop = bound
            break
        }
        guard !Task.isCancelled else { return }
        var told = self.status
        self.socket.send("READY=1", "STATUS=\(told)")
        let pause = min(self.socket.watchdog.map { $0 / 2 } ?? Self.interval, Self.interval)
        while !Task.isCancelled {
            // Both must turn for the service to live: the threads of its tasks, and the loop that reads and answers.
            try? await loop?.submit {}.get()
            let status = self.status
            if self.socket.watchdog != nil { self.socket.send("WATCHDOG=1") }
            if status != told { self.socket.send("STATUS=\(status)") }
            told = status
            try? await Task.sleep(for: pause)
        }
    }

    /// One line: `ready`, or what is not and why.
    private var status: String {
        let waiting = self.health.parts.compactMap { part in part.reason.map { "\(part.name): \($0)" } }
        let text = waiting.isEmpty ? "ready" : "not ready: " + waiting.joined(separator: "; ")
        return text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
