import EventBus
import Protocol
import ServiceRuntime

/// Each service that should run: its process, its bus endpoint, its health.
struct ServiceChecks: Sendable {
    let settings: Settings
    let services: [String]

    /// Endpoints that producers answer HELLO on; the writer has none.
    private static let variables = [
        "irc-gateway": "IRC_GATEWAY_BUS", "stream-poller": "STREAM_POLLER_BUS", "token-service": "TOKEN_SERVICE_BUS",
    ]

    func checks() throws -> [Check] {
        let observer = ServiceObserver(stateDirectory: try settings.stateDirectoryPath())
        return services.map { service in
            Check(
                name: service,
                needs: [.settings(of: service), .directories],
                after: [.database, .chatLogin, .channelNames, .helix]
            ) { earlier in
                try await look(at: service, observer, isTroubled: earlier.hasTrouble)
            }
        }
    }

    private func look(at service: String, _ observer: ServiceObserver, isTroubled: Bool) async throws -> String {
        let named = try Self.variables[service].map { try settings.list($0) } ?? []
        let instances = observer.instances()
        guard !named.isEmpty || instances.contains(where: { services.contains($0.service) }) else {
            throw NotApplicable(reason: "nothing runs for this STATE_DIR; start it with: collector start")
        }
        let own = instances.filter { $0.service == service }
        guard !own.isEmpty || !named.isEmpty else {
            throw Complaint(
                ExitStatus.unavailable.rawValue,
                "does not run, though others do",
                advice: "start it with: collector start \(service)"
            )
        }
        if let silence = try await silence(of: service, named, processes: own.count) { throw silence }
        var report = await observer.reports().filter { $0.instance.service == service }
        report.removeAll { $0.ready == true }
        guard let unready = report.first else { return own.isEmpty ? "answers" : "answers and is ready" }
        let reason = unready.ready == nil ? "its health endpoint is silent" : unready.reasons.joined(separator: "; ")
        // A service that waits for what is reported above is not another thing to mend.
        guard !isTroubled || unready.ready == nil else { return "answers; not ready: \(reason)" }
        throw Complaint(
            ExitStatus.temporary.rawValue,
            "not ready: \(reason)",
            advice: "if that does not pass: collector logs \(service)"
        )
    }

    /// What is wrong with the bus endpoint; nil where each process answers, and for a service that has none.
    private func silence(of service: String, _ named: [String], processes: Int) async throws -> Complaint? {
        guard Self.variables[service] != nil else { return nil }
        let state = try settings.stateDirectoryPath()
        let endpoints = named.isEmpty ? ["ipc://\(state)/bus/\(service)-*"] : named
        if service == "token-service", endpoints.contains(where: { $0.hasPrefix("tcp://") }) {
            // Over tcp it answers to the gateway and the poller alone.
            return nil
        }
        var followed = EventFollower.Configuration(endpoints: [])
        followed.follow(endpoints, of: service)
        followed.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
        followed.security = try TapEndpoints.security(settings, for: endpoints)
        let answers = try await StateQuery(followed).producers(within: .seconds(3)).count { $0.service == service }
        guard answers < max(1, processes) else { return nil }
        let count = processes > 1 ? "\(answers) of \(processes) processes answer" : "the process does not answer"
        return Complaint(
            ExitStatus.unavailable.rawValue,
            "its bus endpoint is silent: \(count) on \(endpoints.joined(separator: ", "))",
            advice: named.isEmpty
                ? "see collector logs \(service), then: collector restart \(service)"
                : "start it there, or correct \(Self.variables[service] ?? "the endpoint")"
        )
    }
}
