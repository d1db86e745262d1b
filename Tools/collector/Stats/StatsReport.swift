import EventStore
import Protocol

/// One stream's figures as a block of lines.
struct StatsReport: Sendable {
    private static let labelWidth = 14
    private static let raidsShown = 5
    private static let changesShown = 8

    var style: Style
    /// Columns of the terminal.
    var width: Int

    func text(_ statistics: StreamStatistics) -> String {
        let blocks = [head(statistics), time(statistics), chat(statistics), events(statistics)]
        return blocks.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private func head(_ statistics: StreamStatistics) -> [String] {
        let stream = statistics.stream
        let name = stream.userName == stream.userLogin ? "" : stream.userName.printable + " · "
        let title = "#\(stream.userLogin.printable)"
        let rest = TextWidth.fit("  \(name)stream \(stream.id.printable)", in: max(0, width - TextWidth.of(title) - 1))
        let category = [stream.categoryName, stream.language].filter { !$0.isEmpty }.joined(separator: " · ")
        return [style.bold(style.cyan(TextWidth.fit(title, in: width))) + rest]
            + [stream.title, category].filter { !$0.isEmpty }.map { "  " + TextWidth.fit($0.printable, in: width - 3) }
    }

    private func time(_ statistics: StreamStatistics) -> [String] {
        let stream = statistics.stream
        let length = Figures.duration(statistics.durationSeconds)
        var lines = rows("Started", [stream.startedAt.map(Self.moment) ?? "not known"])
        if let endedAt = stream.endedAt {
            let basis = stream.endedAtBasis.map { " (\($0.printable))" } ?? ""
            lines += rows("Ended", [Self.moment(endedAt) + basis, "after \(length)"])
        } else if statistics.isLive {
            lines += rows("Live", [style.green("now"), "for \(length)"])
        } else {
            lines += rows(
                "Ended",
                ["not known", "last sign of life \(Self.moment(statistics.until)), after \(length)"]
            )
        }
        if let coverage = statistics.coverage { lines += rows("Listened", self.coverage(coverage)) }
        if statistics.viewers.samples > 0 {
            let viewers = statistics.viewers
            lines += rows(
                "Viewers",
                [
                    viewers.peak.map { "peak \(Figures.count($0))" },
                    viewers.average.map { "average \(Figures.count(Int($0.rounded())))" },
                    viewers.latest.map { "last \(Figures.count($0))" },
                    Figures.number(viewers.samples, "sample"),
                ].compactMap(\.self)
            )
        }
        return lines
    }

    private func coverage(_ coverage: Coverage) -> [String] {
        let share = Figures.share(coverage.share)
        var parts = [(coverage.isAtLeast ? "at least " : "") + (coverage.share < 0.95 ? style.yellow(share) : share)]
        if let longest = coverage.longestHole {
            parts.append(Figures.number(coverage.holes.count, "hole"))
            let length = Figures.duration(Int(longest.milliseconds / 1000))
            parts.append("\(coverage.holes.count > 1 ? "longest " : "")\(length) from \(EventLine.clock(longest.from))")
        }
        return parts
    }

    private func chat(_ statistics: StreamStatistics) -> [String] {
        let messages = statistics.messages
        let minutes = Double(statistics.durationSeconds) / 60
        var parts = [style.bold(Figures.count(messages.total))]
        if minutes >= 1 { parts.append("\(Figures.rate(Double(messages.total) / minutes))/min") }
        if let start = statistics.stream.startedAt, let peak = messages.buckets.max(), peak > 0 {
            let index = messages.buckets.firstIndex(of: peak) ?? 0
            let at = Timestamp(rawValue: start.rawValue + Int64(index * messages.bucketSeconds) * 1000)
            let busiest = messages.bucketSeconds == 60 ? "minute" : "\(messages.bucketSeconds / 60) minutes"
            parts.append("busiest \(busiest) \(Figures.count(peak)) at \(EventLine.clock(at))")
        }
        if messages.fromSharedChat > 0 { parts.append("\(Figures.count(messages.fromSharedChat)) from shared chat") }
        var lines = rows("Messages", parts)
        if messages.buckets.count > 1, messages.total > 0 {
            let columns = max(10, min(width - Self.labelWidth - 3, 100))
            let values = Resampling.averages(messages.buckets, into: columns)
            lines += rows("", [style.cyan(Figures.sparkline(values, width: columns))])
        }
        lines += rows("Chatters", [Figures.number(messages.uniqueChatters, "person", "people")])
        lines += top(statistics)
        return lines
    }

    private func top(_ statistics: StreamStatistics) -> [String] {
        let own = max(1, statistics.messages.total - statistics.messages.fromSharedChat)
        let columns = max(8, min(26, width - Self.labelWidth - 26))
        return statistics.topChatters.enumerated().map { index, chatter in
            let name = TextWidth.fit(chatter.fullName.printable, in: columns)
            let pad = String(repeating: " ", count: max(0, columns - TextWidth.of(name)))
            let count = Figures.count(chatter.messages).rightAligned(in: 9)
            let share = Figures.share(Double(chatter.messages) / Double(own)).rightAligned(in: 8)
            let place = style.dim("\(index + 1)".rightAligned(in: 2))
            return label(index == 0 ? "Top chatters" : "") + "\(place)  \(name)\(pad)\(count)\(style.dim(share))"
        }
    }

    private func events(_ statistics: StreamStatistics) -> [String] {
        let deletions = statistics.deletions
        let bans = statistics.bans
        var moderation = [
            Figures.number(deletions.messages, "deleted message")
                + (deletions.messages > 0 ? " of \(Figures.number(deletions.users, "person", "people"))" : ""),
            Figures.number(bans.users, "banned user"),
        ]
        if bans.events > 0 {
            moderation.append(Figures.number(bans.permanent, "ban"))
            moderation.append(Figures.number(bans.timeouts, "timeout"))
        }
        if statistics.chatClears > 0 {
            moderation.append("chat cleared \(Figures.number(statistics.chatClears, "time"))")
        }
        let support = statistics.support
        return rows("Moderation", moderation)
            + rows(
                "Support",
                [
                    Figures.number(support.subscriptions, "sub"), Figures.number(support.resubscriptions, "resub"),
                    Figures.number(support.gifts, "gifted sub"), Figures.number(support.upgrades, "upgrade"),
                    Figures.number(support.bits, "bit")
                        + (support.cheers > 0 ? " in \(Figures.number(support.cheers, "message"))" : ""),
                ]
            ) + raids(support.raids) + changes(statistics.changes)
    }

    private func raids(_ raids: [StreamSupport.Raid]) -> [String] {
        let greatest = raids.sorted { $0.viewers > $1.viewers }.prefix(Self.raidsShown).sorted { $0.at < $1.at }
        var lines = greatest.map {
            "\(EventLine.clock($0.at))  \($0.userName.printable) with \(Figures.number($0.viewers, "viewer"))"
        }
        if raids.count > greatest.count { lines.append("and \(raids.count - greatest.count) smaller ones") }
        return list("Raids", lines)
    }

    /// The first one is what the stream began with: alone it says nothing that is not above.
    private func changes(_ changes: [StreamStatistics.Change]) -> [String] {
        guard changes.count > 1 else { return [] }
        var lines = changes.suffix(Self.changesShown).map { change in
            let texts = [change.title, change.categoryName].filter { !$0.isEmpty }.map(\.printable)
            return "\(EventLine.clock(change.at))  " + texts.joined(separator: " · ")
        }
        if changes.count > lines.count { lines.insert("\(changes.count - lines.count) earlier ones", at: 0) }
        return list("Changes", lines)
    }

    private static func moment(_ time: Timestamp) -> String {
        let text = time.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }

    // MARK: - Lines

    private func label(_ text: String) -> String {
        "  " + style.dim(text + String(repeating: " ", count: max(0, Self.labelWidth - text.count)))
    }

    private func list(_ name: String, _ lines: [String]) -> [String] {
        lines.enumerated().map { index, line in
            label(index == 0 ? name : "") + TextWidth.fit(line, in: width - Self.labelWidth - 3)
        }
    }

    /// Parts behind one another, on as many lines as they need.
    private func rows(_ name: String, _ parts: [String]) -> [String] {
        var lines: [String] = []
        var line = ""
        for part in parts {
            let longer = line.isEmpty ? part : line + " · " + part
            if !line.isEmpty, TextWidth.of(Style.plain(longer)) > width - Self.labelWidth - 3 {
                lines.append(line)
                line = part
            } else {
                line = longer
            }
        }
        lines.append(line)
        return lines.enumerated().map { label($0 == 0 ? name : "") + $1 }
    }
}

extension StreamStatistics.Chatter {
    /// The display name, and the login where that says something else: `みな (mina)`.
    var fullName: String {
        userName.lowercased() == userLogin ? userName : "\(userName) (\(userLogin))"
    }
}
