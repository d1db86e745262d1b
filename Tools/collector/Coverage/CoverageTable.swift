import EventStore

/// Many channels, one line each; those that were heard least come first.
struct CoverageTable: Sendable {
    var style: Style

    func text(_ channels: [ChannelCoverage], _ range: CoverageRange) -> String {
        let times = "\(CoverageReport.moment(range.from)) to \(CoverageReport.moment(range.through)) UTC"
        guard !channels.isEmpty else { return "\(times)\nNo session of any channel is in the archive.\n" }
        let names = max(7, min(26, channels.map { TextWidth.of($0.login.printable) + 1 }.max() ?? 0))
        let widths = [18, 6, 14]
        var lines = [times, style.dim(line("channel", ["listened", "holes", "longest"], "lost", names, widths))]
        for channel in channels.sorted(by: { ($0.coverage.share, $0.login) < ($1.coverage.share, $1.login) }) {
            let coverage = channel.coverage
            let cells = [
                CoverageReport.share(coverage, style),
                Figures.count(coverage.holes.count),
                coverage.longestHole.map { CoverageReport.length($0.milliseconds) } ?? "–",
            ]
            lines.append(line("#" + channel.login.printable, cells, lost(channel), names, widths))
        }
        if channels.contains(where: { !$0.coverage.holes.isEmpty || !$0.losses.isEmpty }) {
            lines.append(style.dim("--channel LOGIN lists the holes with their causes."))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func lost(_ channel: ChannelCoverage) -> String {
        guard !channel.losses.isEmpty else { return "" }
        let counts = channel.losses.compactMap(\.atMost)
        guard counts.count == channel.losses.count else { return style.red("unknown") }
        return style.red("up to \(Figures.count(counts.reduce(0, +)))")
    }

    private func line(_ name: String, _ cells: [String], _ last: String, _ names: Int, _ widths: [Int]) -> String {
        let name = TextWidth.fit(name, in: names)
        let padded = name + String(repeating: " ", count: max(0, names - TextWidth.of(name)))
        let columns = zip(cells, widths).map { cell, width in
            String(repeating: " ", count: max(0, width - TextWidth.of(styled: cell))) + cell
        }
        let text = ([padded] + columns).joined(separator: " ")
        return last.isEmpty ? text : text + "  " + last
    }
}
