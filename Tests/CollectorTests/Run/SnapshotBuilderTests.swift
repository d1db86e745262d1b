import ServiceRuntime
import Testing

@testable import collector

@Suite struct SnapshotBuilderTests {
    private func report(
        _ service: String,
        _ metrics: String,
        pid: Int32 = 1,
        ready: Bool? = true,
        reasons: [String] = []
    ) -> ServiceReport {
        ServiceReport(
            instance: RunFile(service: service, pid: pid, http: "127.0.0.1:1"),
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

    private func gateway(_ pid: Int32, messages: Int, joined: Int) -> ServiceReport {
        let metrics = "irc_messages_total \(messages)\nirc_channels_listed 10\nirc_channels_joined \(joined)"
        return report("irc-gateway", metrics, pid: pid)
    }

    @Test func `gateways that share the channels are counted together, also when one was replaced`() {
        var builder = SnapshotBuilder()
        let both = [gateway(1, messages: 100, joined: 6), gateway(2, messages: 50, joined: 4)]
        let first = builder.observe(both, processes: [], now: .seconds(1))
        #expect(first.received == 150 && first.channelsJoined == 10 && first.channelsWanted == 10)
        let after = builder.observe(
            [both[0], gateway(3, messages: 5, joined: 1)],
            processes: [],
            now: .seconds(2)
        )
        #expect(after.received == 155 && after.channelsJoined == 7)
    }

    @Test func `a channel that two gateways read is one channel`() {
        var builder = SnapshotBuilder(replicas: 2)
        let both = [gateway(1, messages: 100, joined: 10), gateway(2, messages: 100, joined: 10)]
        let first = builder.observe(both, processes: [], now: .seconds(1))
        #expect(first.channelsJoined == 10 && first.channelsWanted == 10)
        #expect(builder.observe([both[0]], processes: [], now: .seconds(2)).channelsJoined == 10)
    }

    @Test func `each of several processes is described by its own report`() {
        var builder = SnapshotBuilder()
        let processes = ["irc-gateway", "irc-gateway-2"].enumerated().map { index, name in
            Snapshot.Process(name: name, state: .starting, restarts: 0, memory: nil, pid: Int32(index + 1))
        }
        let waiting = report("irc-gateway", "", pid: 2, ready: false, reasons: ["irc: connecting"])
        let snapshot = builder.observe([report("irc-gateway", ""), waiting], processes: processes, now: .zero)
        #expect(snapshot.processes.map(\.state) == [.ready, .waiting("irc: connecting")])
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
        let process = Snapshot.Process(name: "irc-gateway", state: .starting, restarts: 0, memory: nil, pid: 1)
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
                .init(
                    name: "irc-gateway",
                    state: .waiting("irc: 1 of 3 joined"),
                    restarts: 0,
                    memory: 2048,
                    pid: 1
                )
            ]
        )
    }

    @Test func `a process that is being restarted is not called ready`() {
        var builder = SnapshotBuilder()
        let process = Snapshot.Process(name: "writer", state: .restarting, restarts: 2, memory: nil, pid: 1)
        let snapshot = builder.observe([report("writer", "")], processes: [process], now: .zero)
        #expect(snapshot.processes.first?.state == .restarting)
    }

    @Test func `the lag is the last batch's`() {
        var builder = SnapshotBuilder()
        let snapshot = builder.observe([report("writer", "writer_latest_lag_seconds 0.25")], processes: [], now: .zero)
        #expect(snapshot.lag == 0.25)
    }
}
