import CoreMetrics
import Synchronization

/// The one set of metrics of this process.
package enum ServiceMetrics {
    /// What `/metrics` shows.
    package static let factory = PrometheusFactory()

    private static let isBootstrapped = Mutex(false)

    /// Makes swift-metrics use ``factory``; later calls do nothing.
    package static func bootstrap() {
        self.isBootstrapped.withLock { isBootstrapped in
            if !isBootstrapped { MetricsSystem.bootstrap(self.factory) }
            isBootstrapped = true
        }
    }
}
