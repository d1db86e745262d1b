import EventBus
import FoundationEssentials
import Logging
import Protocol
import ServiceLifecycle

/// Asks the stream-pollers now and then which channels are live, so that those that Twitch's chat refuses or forgot are joined
/// again, and tells of those that nothing is heard from.
struct LiveChannelWatch: Service {
    let query: StateQuery
    let channels: LiveChannels
    let metrics: GatewayMetrics
    let logger: Logger
    /// The channels that we are to read, as they are called now.
    let wanted: @Sendable () -> [String]
    /// Between two questions.
    var interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: Set<String> = []
            while !Task.isCancelled {
                await self.ask()
                self.tell(&told)
                try? await Task.sleep(for: self.interval)
            }
        }
    }

    /// Without a poller, nothing is known to be live. Several pollers may watch different channels.
    private func ask() async {
        let answers = (try? await query.ask(StreamsState.topic, within: .seconds(2))) ?? []
        let states = answers.compactMap { try? JSONDecoder().decode(StreamsState.self, from: Data($0.state)) }
        let live = Set(states.flatMap(\.streams).map(\.update.broadcasterUserLogin))
        channels.areLive(live.intersection(wanted()), at: .now)
    }

    private func tell(_ told: inout Set<String>) {
        let (live, silent) = channels.look(at: .now)
        metrics.show(live: live, silent: silent.count)
        for login in silent where !told.contains(login) {
            logger.warning(
                "A live channel has said nothing for a quarter of an hour",
                metadata: [IRCLogKey.channel: "\(login)"]
            )
        }
        told = Set(silent)
    }
}
