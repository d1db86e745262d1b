import FoundationEssentials
import ServiceRuntime

/// What the services said, as a table or as JSON.
struct StatusTable: Sendable {
    var style: Style
    var daemons = DaemonStatus()

    func text(_ reports: [ServiceReport]) -> String {
        reports.map { report in
            let name = report.instance.service.printable.padding(to: 18)
            let pid = "pid \(report.instance.pid)".padding(to: 14)
            let memory = report.metrics.sum("process_resident_memory_bytes").map { Figures.bytes(Int($0)) } ?? ""
            var lines = [
                "\(name)\(state(report))\(pid)\(memory.padding(to: 10))http://\(report.instance.http.printable)"
            ]
            lines += report.reasons.map { "    " + style.yellow($0.printable) }
            lines += report.details.map { "    " + $0.printable }
            let figures = Self.figures(report).map { "\($0.label) \(Figures.count($0.value))" }
            if !figures.isEmpty { lines.append("    " + style.dim(figures.joined(separator: " · "))) }
            if let daemon = daemons.running[report.instance.pid] {
                lines.append("    " + style.dim("daemon \(daemon.service.name), \(daemon.record.words)".printable))
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined() + absent
    }

    private var absent: String {
        daemons.absent.map { service, record, reason in
            let state = style.red((record.failure == nil ? "restarting" : "failed").padding(to: 12))
            return "\(service.name.padding(to: 18))\(state)\(reason.printable)\n"
        }.joined()
    }

    func json(_ reports: [ServiceReport]) throws -> String {
        var rows = reports.map { report in
            let daemon = daemons.running[report.instance.pid]
            return Row(
                service: report.instance.service,
                pid: report.instance.pid,
                address: "http://\(report.instance.http)",
                ready: report.ready ?? false,
                answered: report.ready != nil,
                reasons: report.reasons,
                details: report.details,
                figures: Dictionary(uniqueKeysWithValues: Self.figures(report).map { ($0.metric, $0.value) }),
                daemon: daemon?.service.name,
                supervisor: daemon?.record.supervisor.pid,
                restarts: daemon?.record.restarts
            )
        }
        rows += daemons.absent.map { service, record, reason in
            Row(
                service: service.program,
                ready: false,
                answered: false,
                reasons: [reason],
                details: [],
                figures: [:],
                daemon: service.name,
                supervisor: record.failure == nil ? record.supervisor.pid : nil,
                restarts: record.restarts
            )
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n"
    }

    private struct Row: Encodable {
        var service: String
        var pid: Int32?
        var address: String?
        var ready: Bool
        var answered: Bool
        var reasons: [String]
        var details: [String]
        var figures: [String: Int]
        /// What `collector start` calls it.
        var daemon: String?
        var supervisor: Int32?
        var restarts: Int?
    }

    private func state(_ report: ServiceReport) -> String {
        switch report.ready {
        case true: style.green("ready".padding(to: 12))
        case false: style.yellow("not ready".padding(to: 12))
        case nil: style.red("no answer".padding(to: 12))
        }
    }

    private static func figures(_ report: ServiceReport) -> [(label: String, metric: String, value: Int)] {
        let shown = [
            ("channels joined", "irc_channels_joined"), ("wanted", "irc_channels_wanted"),
            ("connections", "irc_connections"), ("reconnects", "irc_reconnects_total"),
            ("messages", "irc_messages_total"), ("accepted", "bus_events_accepted_total"),
            ("journal bytes", "bus_journal_bytes"), ("rows stored", "writer_rows_committed_total"),
            ("duplicates", "writer_duplicates_total"), ("dead letters", "writer_dead_letters_total"),
            ("gaps", "writer_gaps_total"), ("channels live", "poller_streams_live"),
            ("tokens", "token_published"), ("rejections", "token_rejections_total"), ("polls", "poller_polls_total"),
            ("Helix points left", "helix_rate_limit_points_left"),
        ]
        return shown.compactMap { label, metric in
            report.metrics.sum(metric).map { (label, metric, Int($0)) }
        }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
