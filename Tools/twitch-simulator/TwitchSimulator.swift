import ArgumentParser
import Foundation
import Logging
import UnixSignals

/// A Twitch of our own: IRC over WebSocket, believable chat, and faults on request.
@main
struct TwitchSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twitch-simulator",
        abstract: "A Twitch of our own: IRC over WebSocket, believable chat, and faults on request.",
        discussion: """
            Prints one JSON line on standard output when it is ready: {"api":"http://…/helix",\
            "auth":"http://…/oauth2","control":"http://…","history":"http://…/api/v2/recent-messages","irc":"ws://…"}. Logs go to standard error. Stops on SIGTERM or SIGINT. See docs/simulator.md.
            """
    )

    @OptionGroup var options: SimulatorOptions

    func run() async throws {
        var logger = Logger(label: "twitch-simulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = self.options.logLevel
        let settings = try self.options.settings()
        let log = logger
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await SimulatorServer.run(settings, logger: log) { _, endpoints in
                        Self.announce(endpoints)
                    }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { return }
                }
                if self.options.supervised {
                    group.addTask { await ParentWatch.parentIsGone() }
                }
                // Whichever ends first ends the others: a signal, the parent's end, or a failure.
                try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        } catch is CancellationError {
            return
        } catch let failure as StartFailure {
            FileHandle.standardError.write(Data("twitch-simulator: \(failure)\n".utf8))
            throw ExitCode(69)
        }
    }

    private static func announce(_ endpoints: Endpoints) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(endpoints) else { return }
        line.append(10)
        FileHandle.standardOutput.write(line)
    }
}
