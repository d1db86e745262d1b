import ServiceRuntime

/// What is known of daemons beside what their services say of themselves.
struct DaemonStatus: Sendable {
    /// By the process id of the service.
    var running: [Int32: (service: DaemonService, record: DaemonRecord)] = [:]
    /// Daemons whose service does not run at this moment, and one line that says why.
    var absent: [(service: DaemonService, record: DaemonRecord, reason: String)] = []

    /// Nothing is a daemon.
    init() {}

    /// Looks at all daemons of a state directory.
    init(_ daemons: Daemons) {
        for service in DaemonService.allCases {
            guard let record = daemons.files(service).record else { continue }
            guard record.supervisor.isRunning else {
                guard let failure = record.failure else { continue }
                absent.append((service, record, "could not start: \(failure.line)"))
                continue
            }
            if let process = daemons.process(of: service, under: record) {
                running[process.pid] = (service, record)
            } else {
                absent.append(
                    (service, record, "is being started: \(record.trouble ?? "it has not said anything yet")")
                )
            }
        }
    }
}
