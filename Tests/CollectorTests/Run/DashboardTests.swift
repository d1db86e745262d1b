import Testing

@testable import collector

@Suite struct DashboardTests {
    private let dashboard = Dashboard(
        frame: .init(
            source: "simulated chat",
            isDemo: true,
            database: "data/demo/twitch_chats.db",
            logs: "data/demo/log"
        ),
        style: Style(isColoured: false)
    )

    private var snapshot: Snapshot {
        var snapshot = Snapshot()
        snapshot.channelsWanted = 3
        snapshot.channelsJoined = 2
        snapshot.accepted = 12_346
        snapshot.rates = [10, 20, 42.34]
        snapshot.stored = 12_345
        snapshot.lag = 0.038
        snapshot.processes = [
            .init(name: "irc-gateway", state: .ready, restarts: 1, memory: 30 << 20),
            .init(name: "writer", state: .waiting("database: locked by another process"), restarts: 0, memory: nil),
        ]
        return snapshot
    }

    @Test func `shows the figures a person looks for`() {
        let text = dashboard.lines(snapshot, chat: ["hello"], notices: [], elapsed: .seconds(3723), width: 100)
            .joined(separator: "\n")
        for part in [
            "01:02:03", "demo · simulated chat", "2 of 3 joined", "42.3/s", "12,345 of 12,346 accepted", "38 ms",
            "irc-gateway 30.0 MiB ↻1", "writer: database: locked by another process", "hello", "Ctrl-C",
        ] {
            #expect(text.contains(part), "\(part) is missing in:\n\(text)")
        }
        #expect(!text.contains("\u{1B}"))
    }

    @Test func `speaks of gaps only when there are some`() {
        var snapshot = self.snapshot
        #expect(!dashboard.lines(snapshot, chat: [], notices: [], elapsed: .zero, width: 80).joined().contains("Gaps"))
        snapshot.gaps = 2
        #expect(dashboard.lines(snapshot, chat: [], notices: [], elapsed: .zero, width: 80).joined().contains("Gaps"))
    }

    @Test func `a plain line holds the same figures`() {
        let line = PlainStatus.line(snapshot, elapsed: .seconds(5))
        #expect(
            line
                == "00:00:05  channels 2/3 · 42.3 msg/s · accepted 12,346 · stored 12,345 · lag 38 ms · reconnects 0 · writer: database: locked by another process"
        )
    }

    @Test func `the services fit into the terminal, however many there are`() {
        var snapshot = self.snapshot
        snapshot.identity = "as harborlog"
        let names = ["twitch-simulator", "writer", "token-service", "stream-poller", "irc-gateway"]
        snapshot.processes = names.map { .init(name: $0, state: .ready, restarts: 2, memory: 50 << 20) }
        for width in [80, 100, 120, 200] {
            let lines = Dashboard(frame: dashboard.frame, style: Style(isColoured: true))
                .lines(snapshot, chat: [], notices: [], elapsed: .zero, width: width)
            #expect(lines.allSatisfy { TextWidth.of(styled: $0) <= width }, "\(width)")
            #expect(names.allSatisfy { lines.joined().contains($0) })
            #expect(lines.joined().contains("read as harborlog"))
        }
    }
}
