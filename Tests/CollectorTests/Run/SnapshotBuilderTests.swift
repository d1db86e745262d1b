import ServiceRuntime
import Testing

@testable import collector

@Suite struct SnapshotBuilderTests {
    private func report(_ service: String, _ metrics: String, ready: Bool? = true, reasons: [String] = [])
        -> ServiceReport
    {
        ServiceReport(
            instance: RunFile(service: service, pid: 1, http: "127.0.0.1:1"),
            ready: ready,
            reasons: reasons,
            metrics: PrometheusText(metrics)
        )
    }

    @Test func `counts on when a restarted service begins at zero again`() {
        var builder = SnapshotBuilder()
        _ = builder.observe([report("writer", "writer_rows_committed_total 100")], processes: [], now: .seconds(1))
        _ = builder.observe([report("writer", "writer_rows_committed_total 130")], processes: [], now: .seconds(2))
        let away = builder.observe([], processes: [], now: .seconds(3))
        #expect(away.stored == 130)
        let after = builder.observe(
            [report("writer", "writer_rows_committed_total 5")],
            processes: [],
            now: .seconds(4)
        )
        #expect(after.stored == 135)
    }

    @Test func `accepted is what every producer accepted, also while one is away`() {
        var builder = SnapshotBuilder()
        let both = [
            report("irc-gateway", "bus_events_accepted_total 100"),
            report("stream-poller", "bus_events_accepted_total 3"),
        ]
        #expect(builder.observe(both, processes: [], now: .seconds(1)).accepted == 103)
        #expect(builder.observe([both[0]], processes: [], now: .seconds(2)).accepted == 103)
    }

    @Test func `tells messages per second from two looks`() {
        var builder = SnapshotBuilder()
        _ = builder.observe([report("irc-gateway", "irc_messages_total 100")], processes: [], now: .seconds(10))
        let second = builder.observe(
            [report("irc-gateway", "irc_messages_total 160")],
            processes: [],
            now: .seconds(12)
        )
        #expect(second.rate == 30)
    }

    @Test func `forgets rates beyond its history`() {
        var builder = SnapshotBuilder()
        var snapshot = Snapshot()
        for second in 0..<200 {
            snapshot = builder.observe(
                [report("irc-gateway", "irc_messages_total \(second)")],
                processes: [],
                now: .seconds(second)
            )
        }
        #expect(snapshot.rates.count == SnapshotBuilder.history)
    }

    @Test func `says why a running service is not ready`() {
        var builder = SnapshotBuilder()
        let process = Snapshot.Process(name: "irc-gateway", state: .starting, restarts: 0, memory: nil)
        let snapshot = builder.observe(
            [
                report(
                    "irc-gateway",
                    "process_resident_memory_bytes 2048",
                    ready: false,
                    reasons: ["irc: 1 of 3 joined"]
                )
            ],
            processes: [process],
            now: .zero
        )
        #expect(
            snapshot.processes == [
                .init(name: "irc-gateway", state: .waiting("irc: 1 of 3 joined"), restarts: 0, memory: 2048)
            ]
        )
    }

    @Test func `a process that is being restarted is not called ready`() {
        var builder = SnapshotBuilder()
        let process = Snapshot.Process(name: "writer", state: .restarting, restarts: 2, memory: nil)
        let snapshot = builder.observe([report("writer", "")], processes: [process], now: .zero)
        #expect(snapshot.processes.first?.state == .restarting)
    }

    @Test func `the lag is the last batch's`() {
        var builder = SnapshotBuilder()
        let snapshot = builder.observe([report("writer", "writer_latest_lag_seconds 0.25")], processes: [], now: .zero)
        #expect(snapshot.lag == 0.25)
    }
}
