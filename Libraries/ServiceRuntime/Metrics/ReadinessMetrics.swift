/// What `/health/ready` says, as numbers that an alert can be made of.
enum ReadinessMetrics {
    /// `parts` have stable, few names.
    static func rendered(_ parts: [Health.Part]) -> String {
        let isReady = parts.allSatisfy { $0.reason == nil }
        var text = "# HELP service_ready 1 while every part of the service is ready.\n# TYPE service_ready gauge\n"
        text += MetricName.line("service_ready", "", isReady ? "1" : "0")
        guard !parts.isEmpty else { return text }
        text += "# HELP service_part_ready 1 while this part of the service is ready.\n"
        text += "# TYPE service_part_ready gauge\n"
        for part in parts {
            let labels = MetricName.rendered(labels: [("part", part.name)])
            text += MetricName.line("service_part_ready", labels, part.reason == nil ? "1" : "0")
        }
        return text
    }
}
