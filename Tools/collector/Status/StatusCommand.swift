import ArgumentParser
import FoundationEssentials
import ServiceRuntime

/// `collector status`: asks every running service of a state directory.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running services how they are.",
        discussion: """
            Whoever started them; of those that collector start has started, the supervisor and how often it had to start them
            again. Exit code 0 when every service is ready, 75 when one is not, 69 when none is running.
            """
    )

    @Flag(name: .long, help: "As JSON.")
    var json = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector status") {
            let settings = try CommandSettings.load(configFile: configFile)
            let state = try settings.string("STATE_DIR", default: "./data")
            var reports = await ServiceObserver(stateDirectory: state).reports()
            if reports.isEmpty { reports = await ServiceObserver(stateDirectory: state + "/demo").reports() }
            let daemons = DaemonStatus(Daemons(stateDirectory: state))
            guard !reports.isEmpty || !daemons.absent.isEmpty else {
                throw CommandFailure(
                    69,
                    "no service is running for STATE_DIR \(state); start them with: collector start, or: collector run"
                )
            }
            let table = StatusTable(style: Style(isColoured: Terminal.output.isInteractive), daemons: daemons)
            if json {
                Terminal.output.write(json: try table.json(reports))
            } else {
                Terminal.output.write(table.text(reports))
            }
            let isReady = reports.allSatisfy { $0.ready == true } && daemons.absent.isEmpty
            guard isReady else { throw ExitCode(75) }
        }
    }
}
