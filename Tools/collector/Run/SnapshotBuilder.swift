import ServiceRuntime

/// Turns what the services say into what a person sees, one observation after the other.
struct SnapshotBuilder {
    /// How many gateways read each channel.
    private let replicas: Int
    private var baselines: [Key: (last: Double, total: Double)] = [:]
    private var lastReceived: (count: Int, at: Duration)?
    private var rates: [Double] = []

    private struct Key: Hashable {
        var service: String
        var pid: Int32
        var metric: String
    }

    /// The counters that the status shows, by service.
    private static let counters = [
        "irc-gateway": ["irc_messages_total", "irc_reconnects_total", acceptedMetric],
        "stream-poller": [acceptedMetric],
        "writer": ["writer_rows_committed_total", "writer_gaps_total", "writer_dead_letters_total"],
    ]

    init(replicas: Int = 1) {
        self.replicas = replicas
    }

    /// What the gateway's health says of its login.
    private static let loginDetail = "login: "
    /// Of every producer: what the writer stores comes from all of them.
    private static let acceptedMetric = "bus_events_accepted_total"

    /// How many rates the status remembers.
    static let history = 60

    /// Folds one round of reports in.
    /// - Parameters:
    ///   - reports: What the services said, at most one for each process.
    ///   - processes: What the supervisor knows of them.
    ///   - now: Time since the start.
    /// - Returns: What to show.
    mutating func observe(
        _ reports: [ServiceReport],
        processes: [Snapshot.Process],
        now: Duration
    ) -> Snapshot {
        var snapshot = Snapshot()
        for report in reports { note(report) }
        // What was counted stays counted while a service is away.
        snapshot.received = count("irc_messages_total", of: "irc-gateway")
        snapshot.reconnects = count("irc_reconnects_total", of: "irc-gateway")
        snapshot.stored = count("writer_rows_committed_total", of: "writer")
        snapshot.gaps = count("writer_gaps_total", of: "writer")
        snapshot.deadLetters = count("writer_dead_letters_total", of: "writer")
        snapshot.accepted = ["irc-gateway", "stream-poller"].reduce(0) { $0 + count(Self.acceptedMetric, of: $1) }
        snapshot.processes = processes
        for report in reports { describe(report, in: &snapshot) }
        describeGateways(reports.filter { $0.instance.service == "irc-gateway" }, in: &snapshot)
        snapshot.lag = reports.first { $0.instance.service == "writer" }?.metrics.sum("writer_latest_lag_seconds")
        advanceRate(received: snapshot.received, now: now)
        snapshot.rates = rates
        return snapshot
    }

    private func describeGateways(_ gateways: [ServiceReport], in snapshot: inout Snapshot) {
        let joined = gateways.map { Int($0.metrics.sum("irc_channels_joined") ?? 0) }
        snapshot.channelsWanted = gateways.map { Int($0.metrics.sum("irc_channels_listed") ?? 0) }.max() ?? 0
        // Of several readers of each channel nobody says which channels they are: each has at least the longest list's.
        let shared = max(joined.reduce(0, +) / replicas, joined.max() ?? 0)
        snapshot.channelsJoined = min(shared, snapshot.channelsWanted)
        let logins = gateways.compactMap { report in report.details.first { $0.hasPrefix(Self.loginDetail) } }
        snapshot.identity = logins.first.map { String($0.dropFirst(Self.loginDetail.count)) }
        snapshot.journal = gateways.reduce(0) { $0 + Int($1.metrics.sum("bus_journal_bytes") ?? 0) }
    }

    private func count(_ metric: String, of service: String) -> Int {
        Int(baselines.reduce(0) { $1.key.service == service && $1.key.metric == metric ? $0 + $1.value.total : $0 })
    }

    /// Counters that go on counting over a restart of their service, and over the end of one of several.
    private mutating func note(_ report: ServiceReport) {
        for metric in Self.counters[report.instance.service] ?? [] {
            let key = Key(service: report.instance.service, pid: report.instance.pid, metric: metric)
            guard let value = report.metrics.sum(metric) else { continue }
            var entry = baselines[key] ?? (last: 0, total: 0)
            entry.total += value >= entry.last ? value - entry.last : value
            entry.last = value
            baselines[key] = entry
        }
    }

    private func describe(_ report: ServiceReport, in snapshot: inout Snapshot) {
        guard let index = snapshot.processes.firstIndex(where: { $0.pid == report.instance.pid }) else { return }
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
