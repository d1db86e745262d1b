import ArgumentParser
import ServiceRuntime

/// What starting and restarting have in common.
struct DaemonWaiting: ParsableArguments {
    @Option(name: .long, help: "How many seconds to wait until a service is ready.")
    var wait = 20.0

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func validate() throws {
        guard (0...3600).contains(wait) else {
            throw ValidationError("--wait is \(wait); expected seconds from 0 to 3600.")
        }
    }

    /// For daemons as the settings and the command line have them.
    func start(gateways: Int, channels: ChannelOptions) throws -> DaemonStart {
        let settings = try CommandSettings.load(configFile: configFile, overrides: channels.overrides())
        let plan = try RunPlan(daemons: settings, gateways: gateways, configFile: configFile, channels: channels)
        return DaemonStart(plan: plan, gateways: gateways, patience: .seconds(wait))
    }

    /// For one of the daemons that run already: what is not set here is as they have it.
    func restart() throws -> DaemonStart {
        let found = try CommandSettings.ofWhatRuns(configFile: configFile, for: .archive)
        // The demo is no daemon.
        let isDemo = found.instance?.isDemo == true
        let settings = isDemo ? try CommandSettings.load(configFile: configFile) : found.settings
        var plan = try RunPlan(daemons: settings, gateways: 1, configFile: configFile, channels: nil)
        let environment = isDemo ? [:] : found.environment
        plan.environment.merge(environment) { own, _ in own }
        return DaemonStart(
            plan: plan,
            gateways: 1,
            environment: environment,
            patience: .seconds(wait)
        )
    }

    /// Does it for all at the same time, and says how it went in their order.
    func tell(
        _ services: [DaemonService],
        _ act: @escaping @Sendable (DaemonService) async throws -> DaemonStart.Outcome
    ) async throws {
        let outcomes = try await withThrowingTaskGroup(of: (DaemonService, DaemonStart.Outcome).self) { group in
            for service in services { group.addTask { (service, try await act(service)) } }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var status: Int32 = 0
        for service in services {
            switch outcomes[service] {
            case .ready(let pid): Terminal.output.write("\(service.name) is ready (pid \(pid))\n")
            case .wasRunning(let pid):
                Terminal.output.write("\(service.name) is running already (supervisor pid \(pid))\n")
            case .waiting(let reason):
                Terminal.error.write(
                    "\(service.name) runs, but is not ready: \(reason.printable); see: collector status\n"
                )
                status = max(status, ExitStatus.temporary.rawValue)
            case .failed(let code, let reason):
                Terminal.error.write("\(service.name) could not start: \(reason.printable)\n")
                status = max(status, code)
            case nil: break
            }
        }
        guard status == 0 else { throw ExitCode(status) }
    }
}
