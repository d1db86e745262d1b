import ArgumentParser
import ServiceRuntime

/// `collector start`: the services in the background.
struct StartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start the services in the background and wait until they are ready.",
        discussion: """
            Each service gets a supervisor that starts it again when it dies, a log file STATE_DIR/log/<service>.log and a
            process id file STATE_DIR/run/<service>.pid. token-service and stream-poller are started where there is an
            application (TWITCH_CLIENT_ID) or a login. What runs already is left alone. See docs/daemon.md.

            Exit code 0 when all are ready, 75 when one runs but is not ready within --wait, 78 when a setting is wrong or no
            channels are configured, 69 when something else runs with this STATE_DIR.
            """
    )

    @Argument(help: "Only these services. Default: all that there is work for.")
    var services: [DaemonService] = []

    @OptionGroup var waiting: DaemonWaiting

    func run() async throws {
        try await CommandFailure.reporting("collector start") {
            let start = try waiting.start()
            let wanted = services.isEmpty ? start.plan.services : services.map(\.name)
            let names = DaemonService.allCases.filter { wanted.contains($0.name) }
            try await start.check(names)
            try await waiting.tell(names) { try await start.start($0) }
        }
    }
}

/// `collector restart`: one service alone.
struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Stop and start one service of those in the background; the others go on.",
        discussion: """
            It reads .env, collector.yaml and channels.yaml anew, and gets the environment that it was first started with.
            One that does not run is started. Exit codes as of: collector start.
            """
    )

    @Argument(help: "The service, or several, one after the other.")
    var services: [DaemonService]

    @OptionGroup var waiting: DaemonWaiting

    func run() async throws {
        try await CommandFailure.reporting("collector restart") {
            let start = try waiting.start()
            for service in services { try await waiting.tell([service]) { try await start.restart($0) } }
        }
    }
}

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

    func start() throws -> DaemonStart {
        let settings = try CommandSettings.load(configFile: configFile)
        let plan = try RunPlan(daemons: settings, configFile: configFile)
        return DaemonStart(plan: plan, patience: .seconds(wait))
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
