import ArgumentParser
import EventStore
import FoundationEssentials
import ServiceRuntime

/// `collector stats`: what happened during a stream, read from the database alone.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what happened during a stream: chat, moderation, support, viewers.",
        discussion: """
            collector stats 40000000001                  one stream by its id
            collector stats --channel shroud             the channel's newest stream
            collector stats --channel shroud --last 10   its ten newest, as a table

            Reads DATABASE_URL, else where the services that run here store; changes nothing
            and needs no running service. Times are UTC. With --json one stream is an object, and --channel gives an array.
            Exit code 66 when the database, the stream or the channel is not there.
            """
    )

    @Argument(help: "The stream's id, as in streams.stream_id.")
    var streamID: String?

    @Option(name: .long, help: "The channel's login, now or earlier.")
    var channel: String?

    @Option(name: .long, help: "With --channel: how many of its newest streams, 1 to 1000.")
    var last: Int?

    @Flag(name: .long, help: "As JSON.")
    var json = false

    @Option(name: .long, help: "YAML file with settings. Default: collector.yaml where it exists.")
    var configFile: String?

    func validate() throws {
        guard (streamID == nil) != (channel == nil) else {
            throw ValidationError("Name one stream by its id, or a channel with --channel LOGIN.")
        }
        if let channel { _ = try ChannelArgument.logins([channel]) }
        if last != nil, channel == nil { throw ValidationError("--last needs --channel LOGIN.") }
        if let last, !(1...1000).contains(last) { throw ValidationError("--last is \(last); expected 1 to 1000.") }
    }

    func run() async throws {
        try await CommandFailure.reporting("collector stats") {
            let archive = try ArchiveAddress.ofWhatRuns(configFile: configFile)
            let streams = try await archive.reporting { reader in try await read(reader, archive) }
            if json {
                Terminal.output.write(json: try StatsJSON.text(streams, isList: channel != nil))
            } else {
                Terminal.output.write(text(streams))
            }
        }
    }

    private func text(_ streams: [StreamStatistics]) -> String {
        let style = Style(isColoured: Terminal.output.isInteractive)
        let width = Terminal.output.isInteractive ? Terminal.output.size.columns : 100
        if last ?? 1 > 1 { return StatsTable(style: style, width: width).text(streams) }
        return streams.map { StatsReport(style: style, width: width).text($0) }.joined(separator: "\n")
    }

    private func read(_ reader: any ArchiveReader, _ archive: ArchiveAddress) async throws -> [StreamStatistics] {
        if let streamID {
            guard let found = try await reader.statistics(of: streamID) else {
                throw CommandFailure(
                    66,
                    "no stream has the id \(streamID.printable) in \(archive.name); ids are in its table streams, and "
                        + "--channel LOGIN finds a channel's newest"
                )
            }
            return [found]
        }
        let login = (channel ?? "").channelLogin
        guard let ids = try await reader.streams(of: login, last: last ?? 1) else {
            throw CommandFailure(66, "nothing is known of a channel \(login.printable) in \(archive.name)")
        }
        guard !ids.isEmpty else {
            throw CommandFailure(
                66,
                "no stream of \(login.printable) is in \(archive.name); stream-poller records them while it runs"
            )
        }
        var streams: [StreamStatistics] = []
        for id in ids {
            if let found = try await reader.statistics(of: id) { streams.append(found) }
        }
        return streams
    }
}
