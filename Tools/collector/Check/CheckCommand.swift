import ArgumentParser
import AsyncHTTPClient
import Protocol
import ServiceRuntime
import TwitchAPI

/// `collector check`: which channels are live right now.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show which channels are live right now: title, category, viewers, since when.",
        discussion: """
            Channels and servers are those of the services that run here, unless they are set. Asks the running stream-poller; where there is none, or --direct is given, Twitch itself, with TWITCH_CLIENT_ID
            and TWITCH_CLIENT_SECRET or the account that is logged in. Nothing is stored.

            Exit code 0 when there is an answer for every channel, 66 when Twitch knows none of those that --channel names, 75 when Twitch did not answer for some, 77 when it
            refused the token, 78 when there is nothing to ask with or a setting is wrong.
            """
    )

    @Option(name: .long, help: "Only this channel, whether it is in the list or not; may be repeated.")
    var channel: [String] = []

    @Flag(name: .long, help: "Ask Twitch itself, even where a stream-poller runs.")
    var direct = false

    @Flag(name: .long, help: "Name every channel that is not live, however many there are.")
    var all = false

    @Flag(name: .long, help: "As JSON.")
    var json = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func run() async throws {
        try await CommandFailure.reporting("collector check") {
            let found = try CommandSettings.ofWhatRuns(configFile: configFile, for: .twitch)
            try await AuthContext.with(found.settings) { context in
                let report = try await report(context)
                let table = CheckTable(
                    style: Style(isColoured: Terminal.output.isInteractive),
                    width: Terminal.output.size.columns,
                    namesAll: all
                )
                if json {
                    Terminal.output.write(json: try CheckJSON(report).text())
                } else {
                    Terminal.output.write(table.text(report))
                }
                try conclude(report)
            }
        }
    }

    private func report(_ context: AuthContext) async throws -> CheckReport {
        let list = try channels(context.settings)
        for warning in list.warnings { Terminal.error.write("warning: \(warning)\n") }
        let answer = direct ? nil : try await PollerAnswer.ask(context.settings)
        let now = WallClock.system.now()
        if let answer, answer.covers(list), answer.isFresh(list.pollInterval ?? .seconds(60), now: now) {
            return answer.report(list, now: now)
        }
        do {
            let helix = HelixClient(
                http: context.http,
                baseURL: try .helix(context.settings),
                tokens: try await CheckToken(context)
            )
            return await DirectAnswer(helix: helix).report(list, now: now)
        } catch let failure as CommandFailure {
            // Better an older answer, which says how old it is, than none.
            guard let answer, answer.streams.polledAt != nil else { throw failure }
            return answer.report(list, now: now)
        }
    }

    private func channels(_ settings: Settings) throws -> ChannelList {
        guard !channel.isEmpty else { return try ChannelList.load(settings: settings) }
        var builder = ChannelListBuilder()
        try builder.add(names: ChannelArgument.logins(channel))
        return builder.list
    }

    func validate() throws { _ = try ChannelArgument.logins(channel) }

    /// What the table leaves open, as one line and a status.
    private func conclude(_ report: CheckReport) throws {
        let isMisspelt = !channel.isEmpty && report.channels.allSatisfy { $0.state == .unknown }
        if isMisspelt { throw CommandFailure(66, "Twitch knows no channel of that name") }
        guard let trouble = report.trouble else { return }
        guard report.isRefused else { throw CommandFailure(75, trouble) }
        throw CommandFailure(77, trouble + "; log in again with: collector auth login")
    }
}
