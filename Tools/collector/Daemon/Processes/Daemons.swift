import ServiceRuntime

/// The daemons of one state directory, as everybody but their supervisors sees them.
struct Daemons: Sendable {
    let stateDirectory: String

    func files(_ service: DaemonService) -> DaemonFiles { DaemonFiles(service, stateDirectory: stateDirectory) }

    /// The supervisors that run.
    var live: [(service: DaemonService, record: DaemonRecord)] {
        DaemonService.allCases.compactMap { service in files(service).live.map { (service, $0) } }
    }

    /// The process of the service itself that a supervisor has started; nil between two of them.
    func process(of service: DaemonService, under record: DaemonRecord) -> RunFile? {
        ServiceObserver(stateDirectory: stateDirectory).instances().last {
            $0.service == service.program && ProcessEntry($0.pid)?.parent == record.supervisor.pid
        }
    }

    /// Processes of a service that somebody else has started: `collector run`, systemd, a person.
    func strangers(_ service: DaemonService) -> [Int32] {
        let supervisors = Set(live.map(\.record.supervisor.pid))
        return ServiceObserver(stateDirectory: stateDirectory).instances()
            .filter { $0.service == service.program }
            .filter { ProcessEntry($0.pid).map { !supervisors.contains($0.parent) } ?? false }
            .map(\.pid)
    }

    /// What `collector run` must not be started beside: two gateways would read the same channels.
    func refuseOthers() throws {
        let names = live.map(\.service.name)
        guard !names.isEmpty else { return }
        throw CommandFailure(
            ExitStatus.unavailable.rawValue,
            "\(names.joined(separator: ", ")) \(names.count > 1 ? "run as daemons" : "runs as a daemon") for this STATE_DIR; watch with: "
                + "collector logs -f, or end them first with: collector stop"
        )
    }
}
