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
        let state = try settings.stateDirectoryPath()
        let producers = services.filter { $0 != "writer" }
        return services.map { service in
            Check(
                name: service,
                needs: [.settings(of: service), .directories],
                // What waits for something that is wrong says so; the writer waits for the others too.
                after: [.database, .chatLogin, .channelNames, .helix] + (service == "writer" ? producers : [])
            ) { earlier in
                try complain(ofDaemon: service, stateDirectory: state)
                let observer = ServiceObserver(stateDirectory: state)
                return try await look(at: service, observer, isTroubled: earlier.hasTrouble)
            }
        }
    }

    /// A daemon that has given up, or whose service does not stay up, knows why.
    private func complain(ofDaemon service: String, stateDirectory: String) throws {
        guard let service = DaemonService(rawValue: service) else { return }
        let daemons = Daemons(stateDirectory: stateDirectory)
        let record = daemons.files(service).record
        if let failure = record?.failure, daemons.strangers(service).isEmpty {
            throw Complaint(
                failure.code,
                "could not start: \(failure.line)",
                advice: "mend that, then: collector start \(service.name)"
            )
        }
        if let record, record.supervisor.isRunning, record.restarts > 0,
            daemons.process(of: service, under: record) == nil
        {
            throw Complaint(
                ExitStatus.temporary.rawValue,
                "does not stay up: \(record.trouble ?? "no reason given")",
                advice: "see: collector logs \(service.name)"
            )
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
