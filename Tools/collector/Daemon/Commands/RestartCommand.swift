import ArgumentParser

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
            let start = try waiting.restart()
            for service in services { try await waiting.tell([service]) { try await start.restart($0) } }
        }
    }
}
