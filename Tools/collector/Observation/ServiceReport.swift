import ServiceRuntime

/// What one service said when it was asked.
struct ServiceReport: Sendable {
    var instance: RunFile
    /// Nil when it did not answer.
    var ready: Bool?
    /// Why it is not ready, one line a part.
    var reasons: [String]
    /// What is worth knowing of parts that are ready, one line a part.
    var details: [String] = []
    var metrics: PrometheusText
}
