import ServiceRuntime

/// Turns what the services say into what a person sees, one observation after the other.
struct SnapshotBuilder {
    private var baselines: [Key: (last: Double, total: Double)] = [:]
    private var lastReceived: (count: Int, at: Duration)?
    private var rates: [Double] = []

    private struct Key: Hashable {
        var service: String
        var metric: String
    }

    /// What the gateway's health says of its login.
    private static let loginDetail = "login: "
    /// Of every producer: what the writer stores comes from all of them.
    private static let acceptedMetric = "bus_events_accepted_total"

    /// How many rates the status remembers.
    static let history = 60

    /// Folds one round of reports in.
    /// - Parameters:
    ///   - reports: What the services said, at most one each.
    ///   - processes: What the supervisor knows of them.
    ///   - now: Time since the start.
    /// - Returns: What to show.
    mutating func observe(
        _ reports: [ServiceReport],
        processes: [Snapshot.Process],
        now: Duration
    ) -> Snapshot {
        var snapshot = Snapshot()
        // What was counted stays counted while a service is away.
        snapshot.received = count("irc_messages_total", of: "irc-gateway")
        snapshot.reconnects = count("irc_reconnects_total", of: "irc-gateway")
        snapshot.stored = count("writer_rows_committed_total", of: "writer")
        snapshot.gaps = count("writer_gaps_total", of: "writer")
        snapshot.deadLetters = count("writer_dead_letters_total", of: "writer")
        snapshot.processes = processes
        for report in reports {
            describe(report, in: &snapshot)
            switch report.instance.service {
            case "irc-gateway": gateway(report, &snapshot)
            case "stream-poller": _ = total(Self.acceptedMetric, of: report)
            case "writer": writer(report, &snapshot)
            default: break
            }
        }
        snapshot.accepted = ["irc-gateway", "stream-poller"].reduce(0) { $0 + count(Self.acceptedMetric, of: $1) }
        advanceRate(received: snapshot.received, now: now)
        snapshot.rates = rates
        return snapshot
    }

    private mutating func gateway(_ report: ServiceReport, _ snapshot: inout Snapshot) {
        let metrics = report.metrics
        snapshot.channelsWanted = Int(metrics.sum("irc_channels_wanted") ?? 0)
        snapshot.channelsJoined = Int(metrics.sum("irc_channels_joined") ?? 0)
        let login = report.details.first { $0.hasPrefix(Self.loginDetail) }
        snapshot.identity = login.map { String($0.dropFirst(Self.loginDetail.count)) }
        snapshot.received = Int(total("irc_messages_total", of: report))
        _ = total(Self.acceptedMetric, of: report)
        snapshot.reconnects = Int(total("irc_reconnects_total", of: report))
        snapshot.journal += Int(metrics.sum("bus_journal_bytes") ?? 0)
    }

    private mutating func writer(_ report: ServiceReport, _ snapshot: inout Snapshot) {
        snapshot.stored = Int(total("writer_rows_committed_total", of: report))
        snapshot.gaps = Int(total("writer_gaps_total", of: report))
        snapshot.deadLetters = Int(total("writer_dead_letters_total", of: report))
        snapshot.lag = report.metrics.sum("writer_latest_lag_seconds")
    }

    private func count(_ metric: String, of service: String) -> Int {
        Int(baselines[Key(service: service, metric: metric)]?.total ?? 0)
    }

    /// A counter that goes on counting over a restart of its service.
    private mutating func total(_ metric: String, of report: ServiceReport) -> Double {
        let key = Key(service: report.instance.service, metric: metric)
        let value = report.metrics.sum(metric) ?? baselines[key]?.last ?? 0
        var entry = baselines[key] ?? (last: 0, total: 0)
        entry.total += value >= entry.last ? value - entry.last : value
        entry.last = value
        baselines[key] = entry
        return entry.total
    }

    private func describe(_ report: ServiceReport, in snapshot: inout Snapshot) {
        guard let index = snapshot.processes.firstIndex(where: { $0.name == report.instance.service }) else { return }
        snapshot.processes[index].memory = report.metrics.sum("process_resident_memory_bytes").map { Int($0) }
        guard snapshot.processes[index].state == .starting else { return }
        switch report.ready {
        case true: snapshot.processes[index].state = .ready
        case false: snapshot.processes[index].state = .waiting(report.reasons.first ?? "not ready")
        default: break
        }
    }

    private mutating func advanceRate(received: Int, now: Duration) {
        defer { lastReceived = (received, now) }
        guard let lastReceived else { return }
        let seconds = (now - lastReceived.at) / .seconds(1)
        guard seconds > 0 else { return }
        rates.append(Double(max(0, received - lastReceived.count)) / seconds)
        rates.removeFirst(max(0, rates.count - Self.history))
    }
}
