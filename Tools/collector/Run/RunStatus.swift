import EventBus
import Logging
import ServiceRuntime

/// Asks the services and shows what they say, until told to stop.
struct RunStatus: Sendable {
    var plan: RunPlan
    var programs: [SupervisedProgram]
    var lines: LogLines
    var isLive: Bool

    private static let liveInterval = Duration.milliseconds(500)
    private static let plainInterval = Duration.seconds(10)

    func show(until end: Latch) async {
        let ticker = ChatTicker()
        let follower = isLive ? try? makeFollower() : nil
        await withTaskGroup(of: Void.self) { group in
            if let follower {
                group.addTask { try? await follower.run() }
                group.addTask { await ticker.run(follower) }
            }
            await draw(ticker, until: end)
            group.cancelAll()
        }
    }

    private func draw(_ ticker: ChatTicker, until end: Latch) async {
        let observer = ServiceObserver(stateDirectory: plan.stateDirectory)
        let clock = ContinuousClock()
        let begin = clock.now
        var builder = SnapshotBuilder(replicas: plan.replicas)
        var screen = isLive ? LiveScreen(.output) : nil
        var nextPlain = Duration.seconds(2)
        while true {
            let isLast = end.isOpen
            let elapsed = clock.now - begin
            let pids = Set(programs.compactMap(\.pid))
            let reports = await observer.reports().filter { pids.contains($0.instance.pid) }
            let snapshot = builder.observe(reports, processes: programs.map(\.snapshot), now: elapsed)
            if screen != nil {
                screen?.draw(page(snapshot, ticker, elapsed))
            } else if elapsed >= nextPlain || isLast {
                Terminal.output.write(PlainStatus.line(snapshot, elapsed: elapsed) + "\n")
                nextPlain += Self.plainInterval
            }
            if isLast { break }
            await end.wait(atMost: Self.liveInterval)
        }
        screen?.finish()
    }

    private func page(_ snapshot: Snapshot, _ ticker: ChatTicker, _ elapsed: Duration) -> [String] {
        let width = Terminal.output.size.columns
        let style = Style(isColoured: true)
        let dashboard = Dashboard(
            frame: .init(source: plan.source, isDemo: plan.demo != nil, database: plan.database, logs: plan.logs),
            style: style
        )
        let chat = ticker.messages.map { EventLine(style: style, width: width - 4).format($0) }
        return dashboard.lines(snapshot, chat: chat, notices: lines.warnings, elapsed: elapsed, width: width)
    }

    private func makeFollower() throws -> EventFollower {
        try EventFollower(
            .init(
                endpoints: ["ipc://\(plan.stateDirectory)/bus/irc-gateway-*"],
                recovery: .report,
                topics: ["chat."],
                queueLimit: 512
            ),
            logger: Logger(label: "collector") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
