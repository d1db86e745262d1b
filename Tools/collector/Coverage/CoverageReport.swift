import EventStore
import Protocol

/// One channel's coverage as a block of lines.
struct CoverageReport: Sendable {
    /// How many holes are listed; the longest ones.
    private static let holesShown = 40
    private static let labelWidth = 12

    var style: Style
    /// Columns of the terminal.
    var width: Int

    func text(_ channel: ChannelCoverage) -> String {
        let times = "\(Self.moment(channel.from)) to \(Self.moment(channel.through)) UTC"
        let title = "#\(channel.login.printable)"
        let lines =
            [style.bold(style.cyan(title)) + "  " + times, listened(channel)] + backfilled(channel) + holes(channel)
            + losses(channel)
        return lines.map { $0 + "\n" }.joined()
    }

    private func listened(_ channel: ChannelCoverage) -> String {
        let total = Int(channel.milliseconds / 1000)
        let heard = Figures.duration(Int((channel.milliseconds - channel.missed) / 1000))
        return label("Listened") + Self.share(channel.coverage, style) + " · \(heard) of \(Figures.duration(total))"
    }

    /// What the share is with the holes whose chat is there all the same.
    private func backfilled(_ channel: ChannelCoverage) -> [String] {
        let count = channel.coverage.holes.count { $0.backfill == .complete }
        guard count > 0, channel.milliseconds > 0 else { return [] }
        let heard = channel.milliseconds - channel.missed + channel.backfilled
        let share = Figures.share(Double(heard) / Double(channel.milliseconds))
        let holes = channel.coverage.holes.count
        return [label("Backfilled") + "\(count) of \(Figures.number(holes, "hole")) · \(share) with them"]
    }

    /// `97.3 %`, yellow where much is missing.
    static func share(_ coverage: Coverage, _ style: Style) -> String {
        let share = Figures.share(coverage.share)
        return (coverage.isAtLeast ? "at least " : "") + (coverage.share < 0.95 ? style.yellow(share) : share)
    }

    private func holes(_ channel: ChannelCoverage) -> [String] {
        let holes = channel.coverage.holes
        guard !holes.isEmpty else { return [label("Holes") + "none"] }
        let shown = Set(holes.sorted { $0.milliseconds > $1.milliseconds }.prefix(Self.holesShown))
        var lines = [
            label("Holes") + "\(holes.count) · \(Self.length(channel.missed))" + (holes.count > 1 ? " together" : "")
        ]
        for hole in holes where shown.contains(hole) {
            let times = "\(Self.moment(hole.from)) to \(Self.end(of: hole))"
            let cause = (hole.causes.map(\.explanation) + [hole.backfill?.explanation].compactMap(\.self))
                .joined(separator: "; ")
            lines.append(TextWidth.fit("    \(times)  \(Self.length(hole.milliseconds))  \(cause)", in: width))
        }
        let rest = holes.filter { !shown.contains($0) }
        if !rest.isEmpty {
            let length = Self.length(rest.reduce(0) { $0 + $1.milliseconds })
            lines.append("    and \(Figures.number(rest.count, "shorter one")), \(length); --json lists all")
        }
        return lines
    }

    private func losses(_ channel: ChannelCoverage) -> [String] {
        channel.losses.enumerated().map { index, loss in
            let latest = Self.moment(loss.latest)
            let time = loss.earliest.map { "between \(Self.moment($0)) and \(latest)" } ?? "before \(latest)"
            return label(index == 0 ? "Lost" : "")
                + style.red("\(loss.amount) \(time)")
                + ", of all channels of partition \(loss.partition): the journal of \(loss.producer.printable) had them no more"
        }
    }

    private func label(_ name: String) -> String {
        "  " + style.dim(name + String(repeating: " ", count: max(0, Self.labelWidth - name.count)))
    }

    /// `2026-11-27 10:00:12`
    static func moment(_ time: Timestamp) -> String {
        String(time.description.prefix(19)).replacing("T", with: " ")
    }

    /// The time alone where the day is the same.
    private static func end(of hole: Coverage.Hole) -> String {
        let (from, through) = (moment(hole.from), moment(hole.through))
        return from.prefix(10) == through.prefix(10) ? String(through.dropFirst(11)) : through
    }

    /// `0.4 s`, `12 s`, `3 min 12 s`
    static func length(_ milliseconds: Int64) -> String {
        guard milliseconds < 10_000 else { return Figures.duration(Int(milliseconds / 1000)) }
        let tenths = max(1, (milliseconds + 50) / 100)
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
