import ServiceRuntime

/// What one service said when it was asked.
struct ServiceReport: Sendable {
    var instance: RunFile
    /// Nil when it did not answer.
    var ready: Bool?
    /// Why it is not ready, one line a part.
    var reasons: [String]
    var metrics: PrometheusText
}
