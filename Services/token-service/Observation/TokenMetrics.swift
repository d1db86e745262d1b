import Metrics

/// Everything that is counted about tokens of one kind, made once. All labels come from short lists.
struct TokenMetrics: Sendable {
    /// Unix seconds; 0 without a token.
    let expiresAt: Gauge
    /// Unix seconds; 0 where it is not known.
    let issuedAt: Gauge
    /// Unix seconds of the last answer that the token is valid.
    let validatedAt: Gauge
    /// 1 while services have a token.
    let isPublished: Gauge
    let rejections: Counter
    private let refreshes: [String: Counter]
    private let validations: [String: Counter]

    static let results = ["ok", "invalid_token", "refused", "client_refused", "lost", "transient"]

    init(kind: String) {
        let label = [("kind", kind)]
        self.expiresAt = Gauge(label: "token_expires_timestamp_seconds", dimensions: label)
        self.issuedAt = Gauge(label: "token_issued_timestamp_seconds", dimensions: label)
        self.validatedAt = Gauge(label: "token_validated_timestamp_seconds", dimensions: label)
        self.isPublished = Gauge(label: "token_published", dimensions: label)
        self.rejections = Counter(label: "token_rejections_total", dimensions: label)
        self.refreshes = Self.counters("token_refreshes_total", label)
        self.validations = Self.counters("token_validations_total", label)
    }

    func refreshed(_ result: String) { self.refreshes[result]?.increment() }
    func validated(_ result: String) { self.validations[result]?.increment() }

    private static func counters(_ name: String, _ label: [(String, String)]) -> [String: Counter] {
        Dictionary(
            uniqueKeysWithValues: self.results.map {
                ($0, Counter(label: name, dimensions: label + [("result", $0)]))
            }
        )
    }
}
