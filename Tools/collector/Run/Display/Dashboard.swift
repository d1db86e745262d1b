/// The live status as lines of text: a pure function of what is known, so that it can be tested.
struct Dashboard: Sendable {
    /// What does not change while it runs.
    struct Frame: Sendable {
        /// Such as `simulated chat` or `wss://irc-ws.chat.twitch.tv:443`.
        var source: String
        var isDemo: Bool
        var database: String
        var logs: String
    }

    var frame: Frame
    var style: Style

    /// The lines to show.
    /// - Parameters:
    ///   - snapshot: The figures.
    ///   - chat: Newest messages, oldest first, already fit for a terminal.
    ///   - notices: Newest warnings, oldest first.
    ///   - elapsed: Time since the start.
    ///   - width: Columns of the terminal.
    /// - Returns: One string a line, colours included.
    func lines(
        _ snapshot: Snapshot,
        chat: [String],
        notices: [String],
        elapsed: Duration,
        width: Int
    ) -> [String] {
        let rule = style.dim(String(repeating: "─", count: max(20, min(width - 1, 96))))
        var lines = [header(elapsed, width: width), rule]
        lines += figures(snapshot)
        lines += services(snapshot, width: width)
        lines += problems(snapshot)
        lines.append(rule)
        lines += chat.isEmpty ? [style.dim("  waiting for the first message ...")] : chat.map { "  " + $0 }
        lines.append(rule)
        lines += notices.map { style.yellow("  ! " + TextWidth.fit($0, in: width - 6)) }
        lines.append(
            style.dim(TextWidth.fit("  Database  \(frame.database)   Logs  \(frame.logs)".printable, in: width - 1))
        )
        lines.append(style.dim("  Ctrl-C stops and drains") + style.dim("   ·   collector tap  shows every event"))
        return lines
    }

    private func header(_ elapsed: Duration, width: Int) -> String {
        let place = frame.source.printable
        let source = frame.isDemo ? style.yellow("demo · \(place)") : style.dim(place)
        return "  " + style.bold("Twitch chat collector") + "   " + source + "   " + style.dim(Figures.elapsed(elapsed))
    }

    private func figures(_ snapshot: Snapshot) -> [String] {
        let joined = "\(snapshot.channelsJoined) of \(snapshot.channelsWanted) joined"
        let all = snapshot.channelsJoined == snapshot.channelsWanted && snapshot.channelsWanted > 0
        let lag = snapshot.lag.map { $0 < 2 ? Figures.latency($0) : style.yellow(Figures.latency($0)) } ?? "–"
        let reader = snapshot.identity.map { style.dim("   read \($0.printable)") } ?? ""
        return [
            row("Channels", (all ? style.green(joined) : style.yellow(joined)) + reader),
            row(
                "Messages",
                style.bold(Figures.rate(snapshot.rate)) + "/s  "
                    + style.cyan(Figures.sparkline(snapshot.rates, width: 40))
            ),
            row(
                "Stored",
                style.bold(Figures.count(snapshot.stored)) + " of \(Figures.count(snapshot.accepted)) accepted"
            ),
            row("Lag", lag + style.dim("   accepted to committed")),
            row("Reconnects", Figures.count(snapshot.reconnects)),
        ]
    }

    /// As many on a line as fit: a line that the terminal wraps would spoil the screen.
    private func services(_ snapshot: Snapshot, width: Int) -> [String] {
        let parts = snapshot.processes.map { process in
            let memory = process.memory.map { " " + style.dim(Figures.bytes($0)) } ?? ""
            let restarts = process.restarts > 0 ? style.yellow(" ↻\(process.restarts)") : ""
            return light(process.state) + " " + process.name + memory + restarts
        }
        var rows: [String] = []
        for part in parts {
            guard let last = rows.last, TextWidth.of(styled: last + part) + 3 <= width - 15 else {
                rows.append(part)
                continue
            }
            rows[rows.count - 1] = last + "   " + part
        }
        return rows.enumerated().map { row($0.offset == 0 ? "Services" : "", $0.element) }
    }

    private func problems(_ snapshot: Snapshot) -> [String] {
        var lines = snapshot.processes.compactMap { process in
            if case .waiting(let reason) = process.state {
                style.yellow("              \(process.name): \(reason.printable)")
            } else {
                nil
            }
        }
        if snapshot.gaps > 0 { lines.append(row("Gaps", style.red(Figures.count(snapshot.gaps)))) }
        if snapshot.deadLetters > 0 { lines.append(row("Unreadable", style.red(Figures.count(snapshot.deadLetters)))) }
        return lines
    }

    private func light(_ state: Snapshot.Process.State) -> String {
        switch state {
        case .ready: style.green("●")
        case .starting, .waiting: style.yellow("●")
        case .restarting: style.red("●")
        case .stopped: style.dim("○")
        }
    }

    private func row(_ label: String, _ value: String) -> String {
        "  " + style.dim(label.padded(to: 12)) + value
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - TextWidth.of(self)))
    }
}
