import EventStore
import Protocol

/// Several streams, one line each; the title where there is room for it.
struct StatsTable: Sendable {
    var style: Style
    /// Columns of the terminal.
    var width: Int

    func text(_ streams: [StreamStatistics]) -> String {
        let widths = [16, 12, 8, 10, 8, 7, 7]
        let used = widths.reduce(0) { $0 + $1 + 1 } + 1
        let titles = width - used >= 15
        var lines = [
            style.dim(
                line(["started (UTC)", "stream", "length", "messages", "chatters", "peak", "heard"], widths)
                    + (titles ? "  title" : "")
            )
        ]
        lines += streams.map { statistics in
            let stream = statistics.stream
            let cells = [
                stream.startedAt.map { String($0.description.prefix(16)).replacing("T", with: " ") } ?? "–",
                stream.id.printable,
                length(statistics),
                Figures.count(statistics.messages.total),
                Figures.count(statistics.messages.uniqueChatters),
                statistics.viewers.peak.map(Figures.count) ?? "–",
                statistics.coverage.map { Figures.share($0.share) } ?? "–",
            ]
            let title = titles ? "  " + TextWidth.fit(stream.title.printable, in: width - used - 2) : ""
            return line(cells, widths) + title
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func length(_ statistics: StreamStatistics) -> String {
        if statistics.isLive { return "live" }
        return statistics.stream.endedAt == nil ? "–" : Figures.clock(statistics.durationSeconds)
    }

    /// Times and ids stand left, figures right.
    private func line(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).enumerated().map { index, column in
            let (cell, width) = column
            guard index < 2 else { return cell.rightAligned(in: width) }
            return cell + String(repeating: " ", count: max(0, width - TextWidth.of(cell)))
        }.joined(separator: " ")
    }
}
