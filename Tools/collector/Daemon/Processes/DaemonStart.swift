import FoundationEssentials
import Glibc
import ServiceRuntime

/// Starting daemons and waiting until they are ready.
struct DaemonStart: Sendable {
    let plan: RunPlan
    /// How many gateways the plan is for.
    let gateways: Int
    /// What the supervisors read beside what they inherit: the settings of the daemons that run already.
    var environment: [String: String] = [:]
    /// How long to wait for readiness.
    let patience: Duration

    private var daemons: Daemons { Daemons(stateDirectory: plan.stateDirectory) }

    /// How one start went.
    enum Outcome: Hashable, Sendable {
        case ready(pid: Int32)
        case wasRunning(pid: Int32)
        /// It runs, but is not ready; one line says why.
        case waiting(String)
        case failed(code: Int32, String)
    }

    /// What makes a start pointless is said before anything starts.
    func check(_ services: [DaemonService]) async throws {
        for service in services where daemons.files(service).live == nil {
            if let pid = daemons.strangers(service).first {
                throw CommandFailure(
                    ExitStatus.unavailable.rawValue,
                    "\(service.name) runs already (pid \(pid)), but not as a daemon; end it where it was started, "
                        + "or set another STATE_DIR"
                )
            }
            if let refusal = try await plan.configurationCheck(of: service.program).refusal(of: service.program) {
                throw CommandFailure(refusal.code, refusal.words)
            }
        }
    }

    /// Starts one, unless it runs, and waits. The process that is `replaced` does not count as the one that is awaited.
    func start(_ service: DaemonService) async throws -> Outcome {
        if let record = daemons.files(service).live { return .wasRunning(pid: record.supervisor.pid) }
        daemons.files(service).clean()
        let pid = try DetachedProgram.start(
            "\(plan.programs)/collector",
            ["supervise", service.name, "--gateways", "\(gateways)"] + plan.supervisorArguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }
        )
        return await ready(service, supervisor: pid)
    }

    /// Starts the service of a running supervisor anew, or starts the daemon where there is none.
    func restart(_ service: DaemonService) async throws -> Outcome {
        guard let record = daemons.files(service).live else {
            try await check([service])
            return try await start(service)
        }
        if let refusal = try await plan.configurationCheck(of: service.program).refusal(of: service.program) {
            throw CommandFailure(refusal.code, "\(refusal.words) (the running \(service.name) was left alone)")
        }
        let before = daemons.process(of: service, under: record)
        daemons.files(service).send(SIGHUP, to: record)
        return await ready(service, supervisor: record.supervisor.pid, replaced: before?.pid, since: record.restarts)
    }

    private func ready(
        _ service: DaemonService,
        supervisor: Int32,
        replaced: Int32? = nil,
        since restarts: Int = 0
    ) async -> Outcome {
        let files = daemons.files(service)
        let clock = ContinuousClock()
        let end = clock.now + patience
        var reason = "it has not said anything yet"
        while clock.now < end {
            if let record = files.live {
                if record.restarts >= restarts + 3 {
                    return .waiting("it does not stay up: \(record.trouble ?? "no reason given"); it is tried again")
                }
                let process = daemons.process(of: service, under: record)
                if let process, process.pid != replaced {
                    switch await ServiceObserver(stateDirectory: plan.stateDirectory).report(process) {
                    case let report where report.ready == true: return .ready(pid: process.pid)
                    case let report where report.ready == false: reason = report.reasons.joined(separator: "; ")
                    default: break
                    }
                }
            } else if ProcessIdentity(running: supervisor) == nil {
                let failure = files.record?.failure
                return .failed(
                    code: failure?.code ?? ExitStatus.internal.rawValue,
                    failure?.line
                        ?? "its supervisor ended at once; see \(DaemonLog.path(of: service, stateDirectory: plan.stateDirectory))"
                )
            }
            try? await clock.sleep(for: .milliseconds(100))
        }
        return .waiting(reason)
    }
}
