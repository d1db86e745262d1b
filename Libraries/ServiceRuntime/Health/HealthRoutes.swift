import Hummingbird

/// `/health/live`, `/health/ready` and `/metrics`.
enum HealthRoutes {
    static func router(service: String, health: Health, metrics: PrometheusFactory) -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.get("/health/live") { _, _ in
            Self.response(.ok, "application/json", "{\"live\":true}\n")
        }
        router.get("/health/ready") { _, _ in
            let parts = health.parts
            let isReady = parts.allSatisfy { $0.reason == nil }
            return Self.response(
                isReady ? .ok : .serviceUnavailable,
                "application/json",
                Self.json(service: service, isReady: isReady, parts: parts)
            )
        }
        router.get("/metrics") { _, _ in
            Self.response(
                .ok,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics.rendered() + ReadinessMetrics.rendered(health.parts) + ProcessMetrics.rendered()
            )
        }
        return router
    }

    private static func response(_ status: HTTPResponse.Status, _ type: String, _ body: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }

    /// `{"service":…,"ready":false,"parts":{"irc":{"ready":false,"reason":"…"}}}`
    private static func json(service: String, isReady: Bool, parts: [Health.Part]) -> String {
        var text = "{\"service\":"
        text.appendJSON(service)
        text += ",\"ready\":\(isReady),\"parts\":{"
        for (index, part) in parts.enumerated() {
            if index > 0 { text += "," }
            text.appendJSON(part.name)
            text += ":{\"ready\":\(part.reason == nil)"
            if let reason = part.reason {
                text += ",\"reason\":"
                text.appendJSON(reason)
            }
            if let detail = part.detail {
                text += ",\"detail\":"
                text.appendJSON(detail)
            }
            text += "}"
        }
        return text + "}}\n"
    }
}
