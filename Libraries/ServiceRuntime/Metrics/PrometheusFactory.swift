package import CoreMetrics
import Synchronization

/// Collects metrics and renders them in Prometheus' text format 0.0.4.
///
/// Names are exposed as they are given (other characters than letters, digits, `_` and `:` become `_`). Asking twice
/// for the same name and labels gives the same series. Timers are exposed in seconds.
package final class PrometheusFactory: MetricsFactory {
    private let families = Mutex<[String: MetricFamily]>([:])
    private let help = Mutex<[String: String]>([:])

    /// Without series.
    package init() {}

    /// The `# HELP` line of `name`; the name itself where nothing was said.
    package func describe(_ name: String, _ help: String) {
        self.help.withLock { $0[MetricName.sanitized(name)] = help }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, dimensions, .counter) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.series(label, dimensions, .counter) { FloatingCounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, dimensions, .gauge) { GaugeSeries() }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? self.series(label, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.sizes) }
            : self.series(label, dimensions, .gauge) { GaugeSeries() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.series(label, dimensions, .histogram) { HistogramSeries(bounds: HistogramSeries.seconds) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { self.forget(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { self.forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { self.forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { self.forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { self.forget(handler) }

    /// All series, families and series sorted.
    package func rendered() -> String {
        var text = ""
        let help = self.help.withLock { $0 }
        for (name, family) in self.families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(MetricName.escapedHelp(help[name] ?? name))\n"
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.render(name: name, labels: labels, into: &text)
            }
        }
        return text
    }

    /// A name that already stands for another kind gets a series that counts but is not exposed: a scrape with
    /// two kinds under one name is refused as a whole by Prometheus.
    private func series<Series: MetricSeries>(
        _ name: String,
        _ labels: [(String, String)],
        _ kind: MetricFamily.Kind,
        make: () -> Series
    ) -> Series {
        let name = MetricName.sanitized(name)
        let labels = MetricName.rendered(labels: labels)
        return self.families.withLock { families in
            var family = families[name] ?? MetricFamily(kind: kind)
            if let existing = family.series[labels] { return existing as? Series ?? make() }
            let series = make()
            guard family.kind == kind else { return series }
            family.series[labels] = series
            families[name] = family
            return series
        }
    }

    private func forget(_ handler: AnyObject) {
        self.families.withLock { families in
            for (name, var family) in families {
                guard let labels = family.series.first(where: { $0.value === handler })?.key else { continue }
                family.series[labels] = nil
                families[name] = family.series.isEmpty ? nil : family
                return
            }
        }
    }
}

/// All series of one name.
struct MetricFamily {
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    var kind: Kind
    /// Rendered labels to series.
    var series: [String: any MetricSeries] = [:]
}

/// One line, or one histogram's lines.
protocol MetricSeries: AnyObject, Sendable {
    /// `labels` is `a="b",c="d"`, or empty.
    func render(name: String, labels: String, into text: inout String)
}
