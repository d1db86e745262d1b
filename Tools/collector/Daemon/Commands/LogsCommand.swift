import ArgumentParser
import FoundationEssentials
import ServiceRuntime

/// `collector logs`: what the services wrote, merged by time.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show the last lines that the services wrote, in the order of time.",
        discussion: """
            The files are STATE_DIR/log/<service>.log, and .1 to .5 for what was before. Exit code 66 when there are none.
            """
    )

    @Argument(help: "Only these services.")
    var services: [DaemonService] = []

    @Flag(name: .shortAndLong, help: "Go on with what is written from now on, until Ctrl-C.")
    var follow = false

    @Option(name: [.customShort("n"), .long], help: "How many lines.")
    var lines = 50

    @Flag(name: .long, help: "The lines as they are in the files.")
    var raw = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector logs") {
            let found = try CommandSettings.ofWhatRuns(configFile: configFile, for: .archive)
            let state = try found.settings.stateDirectoryPath()
            let wanted = services.isEmpty ? DaemonService.allCases : services
            let isThere = wanted.contains {
                FileManager.default.fileExists(atPath: DaemonLog.path(of: $0, stateDirectory: state))
            }
            guard isThere || follow else {
                throw CommandFailure(
                    66,
                    "there are no logs in \(DaemonLog.folder(state)); they are written while collector start or "
                        + "collector run runs the services"
                )
            }
            var cursors = wanted.map { LogCursor($0, stateDirectory: state) }
            var records: [LogRecord] = []
            for index in cursors.indices { records += cursors[index].last(lines) }
            var hasReader = show(records.merged().suffix(lines))
            while follow, hasReader {
                try await Task.sleep(for: .milliseconds(200))
                records = []
                for index in cursors.indices { records += cursors[index].newest() }
                hasReader = show(records.merged()[...])
            }
        }
    }

    func validate() throws {
        guard (0...100_000).contains(lines) else {
            throw ValidationError("--lines is \(lines); expected a number from 0 to 100000.")
        }
    }

    /// False when nobody reads any more.
    private func show(_ records: ArraySlice<LogRecord>) -> Bool {
        guard !records.isEmpty else { return true }
        let style = Style(isColoured: Terminal.output.isInteractive)
        if raw { return Terminal.output.write(foreign: records.map { $0.line + "\n" }.joined()) }
        return Terminal.output.write(records.map { $0.text(style) + "\n" }.joined())
    }
}
