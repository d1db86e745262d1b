import CoreMetrics
import Synchronization

/// A counter of whole numbers.
final class CounterSeries: MetricSeries, CounterHandler {
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { self.value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { self.value.store(0, ordering: .relaxed) }

    func render(name: String, labels: String, into text: inout String) {
        text += MetricName.line(name, labels, "\(self.value.load(ordering: .relaxed))")
    }
}

/// A counter of fractions.
final class FloatingCounterSeries: MetricSeries, FloatingPointCounterHandler {
    private let value = AtomicDouble()

    func increment(by amount: Double) { self.value.update { $0 + amount } }
    func reset() { self.value.update { _ in 0 } }

    func render(name: String, labels: String, into text: inout String) {
        text += MetricName.line(name, labels, MetricName.number(self.value.load()))
    }
}

/// A value that goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.update { _ in Double(value) } }
    func set(_ value: Double) { self.value.update { _ in value } }
    func increment(by amount: Double) { self.value.update { $0 + amount } }
    func decrement(by amount: Double) { self.value.update { $0 - amount } }
    func record(_ value: Int64) { self.set(value) }
    func record(_ value: Double) { self.set(value) }

    func render(name: String, labels: String, into text: inout String) {
        text += MetricName.line(name, labels, MetricName.number(self.value.load()))
    }
}

/// A number in an atomic's bits.
private final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: self.bits.load(ordering: .relaxed)) }

    func update(_ change: (Double) -> Double) {
        var old = self.bits.load(ordering: .relaxed)
        while true {
            let new = change(Double(bitPattern: old)).bitPattern
            let (exchanged, original) = self.bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
