import CoreMetrics
import Metrics
import Testing

@testable import ServiceRuntime

struct PrometheusFactoryTests {
    @Test func `counters, gauges and histograms appear with help, type and sorted series`() {
        let factory = PrometheusFactory()
        factory.describe("events_total", "Events, all of them.\nReally.")
        Counter(label: "events_total", dimensions: [("kind", "b")], factory: factory).increment(by: 2)
        Counter(label: "events_total", dimensions: [("kind", "a\"\\\n")], factory: factory).increment()
        FloatingPointCounter(label: "seconds_total", factory: factory).increment(by: 0.5)
        FloatingPointCounter(label: "seconds_total", factory: factory).increment(by: 0.25)
        let gauge = Meter(label: "queue.depth", factory: factory)
        gauge.set(7)
        gauge.decrement(by: 2.5)
        #expect(
            factory.rendered() == """
                # HELP events_total Events, all of them.\\nReally.
                # TYPE events_total counter
                events_total{kind="a\\"\\\\\\n"} 1
                events_total{kind="b"} 2
                # HELP queue_depth queue_depth
                # TYPE queue_depth gauge
                queue_depth 4.5
                # HELP seconds_total seconds_total
                # TYPE seconds_total counter
                seconds_total 0.75

                """
        )
    }

    @Test func `a timer is a histogram in seconds with cumulative buckets`() {
        let factory = PrometheusFactory()
        let timer = Timer(label: "commit_seconds", dimensions: [("db", "x")], factory: factory)
        for milliseconds in [1, 3, 200, 100_000] { timer.recordMilliseconds(milliseconds) }
        let lines = Set(factory.rendered().split(separator: "\n").map(String.init))
        #expect(
            lines.isSuperset(of: [
                "# TYPE commit_seconds histogram",
                "commit_seconds_bucket{db=\"x\",le=\"0.0005\"} 0",
                "commit_seconds_bucket{db=\"x\",le=\"0.001\"} 1",
                "commit_seconds_bucket{db=\"x\",le=\"0.005\"} 2",
                "commit_seconds_bucket{db=\"x\",le=\"60\"} 3",
                "commit_seconds_bucket{db=\"x\",le=\"+Inf\"} 4",
                "commit_seconds_count{db=\"x\"} 4",
            ]),
            "\(lines.sorted())"
        )
    }

    @Test func `the same name and labels are the same series from any thread`() async {
        let factory = PrometheusFactory()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "n", factory: factory).increment()
                        FloatingPointCounter(label: "f", factory: factory).increment(by: 0.5)
                        Recorder(label: "r", factory: factory).record(1)
                    }
                }
            }
        }
        let text = factory.rendered()
        for line in ["\nn 8000\n", "\nf 4000\n", "\nr_count 8000\n", "\nr_sum 8000\n"] { #expect(text.contains(line)) }
    }

    @Test func `a name of another kind does not spoil the scrape, and a destroyed series is gone`() {
        let factory = PrometheusFactory()
        let counter = factory.makeCounter(label: "x", dimensions: [])
        Gauge(label: "x", dimensions: [("a", "b")], factory: factory).record(1)
        #expect(factory.rendered() == "# HELP x x\n# TYPE x counter\nx 0\n")
        factory.destroyCounter(counter)
        #expect(factory.rendered() == "")
    }

    @Test(arguments: [
        (1.0, "1"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e20, "1e+20"),
    ])
    func `numbers are written as Prometheus reads them`(value: Double, text: String) {
        #expect(MetricName.number(value) == text)
    }

    @Test func `the process reports memory, processor time and descriptors`() throws {
        let values = Dictionary(
            ProcessMetrics.rendered().split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), Double(parts[1]) ?? .nan)
            },
            uniquingKeysWith: { $1 }
        )
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_cpu_seconds_total"]) > 0)
        #expect(try #require(values["process_open_fds"]) > 3)
        #expect(try #require(values["process_start_time_seconds"]) > 1_700_000_000)
    }
}
