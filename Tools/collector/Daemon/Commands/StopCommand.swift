import ArgumentParser
import Glibc
import ServiceRuntime

/// `collector stop`: ends the services that run in the background.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop the services that run in the background, what reads before what stores.",
        discussion: """
            Sends SIGTERM and waits up to 10 s for each; services end within 5 s. Only what collector start has started is
            stopped. Exit code 0 also when nothing runs, 75 when something did not end.
            """
    )

    @Argument(help: "Only these services.")
    var services: [DaemonService] = []

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    private static let patience = Duration.seconds(10)

    func run() async throws {
        try await CommandFailure.reporting("collector stop") {
            let daemons = Daemons(stateDirectory: try CommandSettings.load(configFile: configFile).stateDirectoryPath())
            let wanted = services.isEmpty ? DaemonService.allCases : services
            guard !services.isEmpty || !daemons.live.isEmpty else {
                for service in wanted { daemons.files(service).clean() }
                Terminal.output.write("nothing runs as a daemon for STATE_DIR \(daemons.stateDirectory)\n")
                return
            }
            var hasEnded = true
            for group in DaemonService.stopOrder {
                let names = group.filter(wanted.contains)
                hasEnded = await stop(names, isNamed: !services.isEmpty, daemons) && hasEnded
            }
            guard hasEnded else { throw ExitCode(ExitStatus.temporary.rawValue) }
        }
    }

    private func stop(_ services: [DaemonService], isNamed: Bool, _ daemons: Daemons) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for service in services {
                group.addTask { await stop(service, isNamed: isNamed, daemons.files(service)) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    private func stop(_ service: DaemonService, isNamed: Bool, _ files: DaemonFiles) async -> Bool {
        guard let record = files.live else {
            files.clean()
            if isNamed { Terminal.output.write("\(service.name) is not running\n") }
            return true
        }
        let clock = ContinuousClock()
        let begin = clock.now
        files.send(SIGTERM, to: record)
        while record.supervisor.isRunning, clock.now - begin < Self.patience {
            try? await clock.sleep(for: .milliseconds(20))
        }
        let pid = record.supervisor.pid
        guard !record.supervisor.isRunning else {
            Terminal.error.write("\(service.name) did not end within 10 s; end it with: kill -9 \(pid)\n")
            return false
        }
        files.clean()
        let seconds = (clock.now - begin) / .seconds(1)
        Terminal.output.write("\(service.name) stopped (supervisor pid \(pid), \(Figures.latency(seconds)))\n")
        return true
    }
}
