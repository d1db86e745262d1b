import Protocol

/// The report for a person: a pure function of what is known and of the terminal's width.
struct CheckTable: Sendable {
    var style: Style
    /// Columns of the terminal.
    var width: Int
    /// Names everybody who is not live, however many there are.
    var namesAll = false

    /// Lines of names, unless all are wanted: what is live should not leave the screen.
    private static let longestList = 4
    /// From here on there is room for the time of day beside the duration.
    private static let wide = 100

    func text(_ report: CheckReport) -> String {
        let live = report.live
        var lines: [String] = []
        if !live.isEmpty {
            let columns = Columns(report, width: usable, isWide: width >= Self.wide)
            lines.append(style.dim(columns.line("CHANNEL", "VIEWERS", "SINCE", "CATEGORY", "TITLE")))
            lines += live.map { channel, stream in
                let line = columns.line(
                    channel.title.printable,
                    Figures.count(stream.viewers),
                    since(stream.startedAt, now: report.now),
                    stream.category.printable,
                    stream.title.printable
                )
                return style.green("●") + line.dropFirst()
            }
            lines.append("")
        }
        lines += names("offline", report.titles(.offline), style.dim)
        lines += names("unknown", report.titles(.unknown), style.yellow)
        lines += names("no answer", report.titles(.unanswered), style.red)
        lines.append(summary(report, live: live.count))
        return lines.joined(separator: "\n") + "\n"
    }

    /// One column is left free: some terminals wrap a line that fills them.
    private var usable: Int { max(40, width) - 1 }

    private func summary(_ report: CheckReport, live: Int) -> String {
        var parts = ["\(live) of \(report.channels.count) live"]
        let unknown = report.titles(.unknown).count
        if unknown > 0 { parts.append("\(unknown) not known to Twitch") }
        let unanswered = report.titles(.unanswered).count
        if unanswered > 0 { parts.append("\(unanswered) without an answer") }
        switch report.source {
        case .twitch: parts.append("asked Twitch just now")
        case .poller(let asked?):
            let age = Double(max(0, report.now.rawValue - asked.rawValue)) / 1000
            parts.append("from the running stream-poller, \(age < 1 ? "just now" : Figures.latency(age) + " ago")")
        case .poller(nil): parts.append("from the running stream-poller, which has no answer from Twitch yet")
        }
        return TextWidth.fit(parts.joined(separator: " · "), in: usable)
    }

    /// `offline   a, b, c`, as many lines as it takes.
    private func names(_ label: String, _ names: [String], _ paint: (String) -> String) -> [String] {
        guard !names.isEmpty else { return [] }
        let indent = 11
        var lines: [String] = []
        var line = ""
        for (index, name) in names.enumerated() {
            let word = name.printable + (index < names.count - 1 ? "," : "")
            if !line.isEmpty, TextWidth.of(line) + 1 + TextWidth.of(word) > usable - indent {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " " + word
        }
        lines.append(line)
        if !namesAll, lines.count > Self.longestList {
            lines = Array(lines.prefix(Self.longestList - 1))
            let shown = lines.reduce(0) { $0 + $1.split(separator: " ").count }
            lines.append(TextWidth.fit("… and \(names.count - shown) more; --all names them", in: usable - indent))
        }
        return lines.enumerated().map { index, text in
            (index == 0 ? label.padded(to: indent) : String(repeating: " ", count: indent)) + paint(text)
        }
    }

    /// `2h 05m`, from two days on `3d 04h`, with the time of day where there is room.
    private func since(_ start: Timestamp?, now: Timestamp) -> String {
        guard let start else { return "–" }
        let minutes = max(0, now.rawValue - start.rawValue) / 60_000
        let hours = minutes / 60
        let rest = minutes % 60
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let length =
            switch hours {
            case 0: "\(rest)m"
            case ..<48: "\(hours)h \(two(rest))m"
            default: "\(hours / 24)d \(two(hours % 24))h"
            }
        guard width >= Self.wide else { return length }
        return "\(EventLine.clock(start).suffix(8).prefix(5))Z \(length.leftPadded(to: 7))"
    }

    /// Where each column begins.
    private struct Columns {
        private let channel: Int
        private let since: Int
        private let category: Int
        private let title: Int
        private let width: Int
        private static let viewers = 9

        init(_ report: CheckReport, width: Int, isWide: Bool) {
            self.width = width
            let live = report.live
            let longestName = live.map { TextWidth.of($0.channel.title) }.max() ?? 0
            let longestCategory = live.map { TextWidth.of($0.stream.category) }.max() ?? 0
            channel = min(max(longestName, 7), isWide ? 25 : 18) + 2
            since = isWide ? 17 : 10
            category = min(max(longestCategory, 8), isWide ? 24 : 16) + 2
            title = max(10, width - channel - Self.viewers - since - category - 2)
        }

        func line(_ name: String, _ viewers: String, _ since: String, _ category: String, _ title: String) -> String {
            let cells = [
                "  " + TextWidth.fit(name, in: channel - 2).padded(to: channel - 2),
                viewers.leftPadded(to: Self.viewers - 1) + "  ",
                since.padded(to: self.since - 1),
                TextWidth.fit(category, in: self.category - 2).padded(to: self.category),
                TextWidth.fit(title, in: self.title),
            ]
            var line = cells.joined()
            while line.hasSuffix(" ") { line.removeLast() }
            return TextWidth.fit(line, in: width)
        }
    }
}

extension String {
    fileprivate func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - TextWidth.of(self)))
    }

    fileprivate func leftPadded(to columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - TextWidth.of(self))) + self
    }
}
