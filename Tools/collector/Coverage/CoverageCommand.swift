import ArgumentParser
import EventStore
import Protocol
import ServiceRuntime

/// `collector coverage`: what share of a time was listened to, and why not the rest, read from the database alone.
struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Show what share of a time was listened to, and the holes with their causes.",
        discussion: """
            collector coverage                                     all channels, the last 24 hours
            collector coverage --channel shroud --from 7d          one channel, the last week
            collector coverage --channel shroud --from 2026-11-01 --to "2026-11-02 12:00"

            A time is RFC 3339, a date or a date and time in UTC, 'now', or how long ago:
            30m, 24h, 7d, 2w. Reads DATABASE_URL, else where the services that run here
            store; changes nothing and needs no running service. What the services have not yet written there is not counted.

            With --json the causes are the words of collection_sessions.stop_reason, such
            as connection_lost, crashed, shutdown, refused_suspended, and not_started or
            unknown; what they mean is in docs/reliability.md.
            Exit code 66 when the database is not there, or knows none of the channels; 69 when it cannot be reached.
            """
    )

    @Option(name: .long, help: "The channel's login, now or earlier; may be repeated. Default: all.")
    var channel: [String] = []

    @Option(name: .long, help: "The beginning. Default: 24 hours before the end.")
    var from: TimeArgument?

    @Option(name: .long, help: "The end. Default: now.")
    var to: TimeArgument?

    @Flag(name: .long, help: "As JSON.")
    var json = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func validate() throws {
        _ = try CoverageRange(from: from, to: to, now: WallClock.system.now())
        _ = try ChannelArgument.logins(channel)
    }

    func run() async throws {
        try await CommandFailure.reporting("collector coverage") {
            let range = try CoverageRange(from: from, to: to, now: WallClock.system.now())
            let archive = try ArchiveAddress.ofWhatRuns(configFile: configFile)
            let logins = try ChannelArgument.logins(channel)
            let wanted = logins.isEmpty ? nil : logins
            let asked = try await archive.reporting { reader in
                try await reader.coverage(of: wanted, from: range.from, through: range.through)
            }
            let found = asked.filter(\.isKnown)
            try report(unknown: asked.filter { !$0.isKnown }.map(\.login), hasOthers: !found.isEmpty, archive)
            if json {
                Terminal.output.write(json: try CoverageJSON.text(found, range))
            } else {
                Terminal.output.write(text(found, range))
            }
        }
    }

    private func text(_ channels: [ChannelCoverage], _ range: CoverageRange) -> String {
        let style = Style(isColoured: Terminal.output.isInteractive)
        if channel.isEmpty, channels.count != 1 { return CoverageTable(style: style).text(channels, range) }
        let width = Terminal.output.isInteractive ? Terminal.output.size.columns : 100
        let report = CoverageReport(style: style, width: width)
        return channels.map { report.text($0) }.joined(separator: "\n")
    }

    /// No share is said of a channel that nobody ever listened to: it may be misspelt.
    private func report(unknown logins: [String], hasOthers: Bool, _ archive: ArchiveAddress) throws {
        guard !logins.isEmpty else { return }
        let words =
            "\(archive.name) knows of no time in which anybody listened to \(logins.joined(separator: ", ")); "
            + "collector coverage without --channel lists the channels that it knows"
        guard hasOthers else { throw CommandFailure(66, words) }
        Terminal.error.write("collector coverage: \(words)\n")
    }
}
