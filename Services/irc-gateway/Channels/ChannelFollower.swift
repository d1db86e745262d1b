import EventBus
import FoundationEssentials
import Logging
import Protocol
import ServiceLifecycle
import ServiceRuntime
import Synchronization

/// Keeps the channels to join in step with the list and with what the stream-poller says about them.
///
/// The poller's state is small and changes rarely, so it is asked for now and then instead of followed: nothing can be
/// missed, and a poller that comes, goes or restarts needs no special care.
final class ChannelFollower: Service {
    private static let file = "channels.json"

    private let query: StateQuery
    private let publisher: EventPublisher
    private let interval: Duration
    private let health: Health
    private let logger: Logger
    private let apply: @Sendable ([String]) -> Void
    private let appeared: @Sendable (Set<String>) -> Void
    private let names: Mutex<ChannelNames>

    /// - Parameters:
    ///   - channels: The list to begin with.
    ///   - poller: How to ask the stream-poller.
    ///   - publisher: Its directory keeps what was told, so that a restart without a poller finds renamed channels.
    ///   - interval: Between two questions.
    ///   - health: Told while channels wait for their login.
    ///   - logger: Told of renames.
    ///   - appeared: Gets the logins of channels that Twitch did not know before, or knew as somebody else.
    ///   - apply: Gets the logins to join whenever they change.
    /// - Throws: For an endpoint that cannot be used, or a key that is missing.
    init(
        _ channels: ChannelList,
        asking poller: EventFollower.Configuration,
        publisher: EventPublisher,
        interval: Duration = .seconds(5),
        health: Health,
        logger: Logger,
        appeared: @escaping @Sendable (Set<String>) -> Void = { _ in },
        apply: @escaping @Sendable ([String]) -> Void
    ) throws {
        query = try StateQuery(poller)
        self.publisher = publisher
        self.interval = interval
        self.health = health
        self.logger = logger
        self.apply = apply
        self.appeared = appeared
        var known = ChannelsState(channels: [], unknown: [])
        do {
            if let saved = try publisher.readState(Self.file) {
                known = try JSONDecoder().decode(ChannelsState.self, from: saved)
            }
        } catch {
            logger.warning("The known logins of channels cannot be read", metadata: [IRCLogKey.error: "\(error)"])
        }
        names = Mutex(ChannelNames(channels, known: known))
        report()
    }

    /// The logins to join now.
    var logins: [String] { names.withLock { $0.logins } }

    /// Other channels are wanted from now on.
    func want(_ list: ChannelList) {
        change { $0.want(list) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.ask()
                try? await Task.sleep(for: self.interval)
            }
        }
    }

    private func ask() async {
        guard let answers = try? await query.ask(ChannelsState.topic, within: .seconds(2)) else { return }
        // Several pollers may watch different channels; of one that two of them know, the newer word counts.
        for answer in answers.reversed() {
            guard let state = try? JSONDecoder().decode(ChannelsState.self, from: Data(answer.state)) else { continue }
            change { $0.learn(state) }
        }
    }

    private func change(_ body: (inout ChannelNames) -> Void) {
        let (before, after) = names.withLock { names in
            let before = names
            body(&names)
            return (before, names)
        }
        if before.state != after.state { save(after.state) }
        for (listed, login) in after.renamed where !before.renamed.contains(where: { $0 == (listed, login) }) {
            logger.notice(
                "A channel was renamed and is joined under its new login; write that into the list of channels",
                metadata: [IRCLogKey.channel: "\(login)", "irc.listed_as": "\(listed)"]
            )
        }
        report()
        if before.logins != after.logins { apply(after.logins) }
        let news = after.appeared(since: before)
        if !news.isEmpty { appeared(news) }
    }

    private func report() {
        let waiting = names.withLock { $0.waiting }
        let reason =
            waiting.isEmpty
            ? nil
            : "channels given by user_id wait until a stream-poller looks them up: \(waiting.joined(separator: ", "))"
        health.report("channels", reason: reason)
    }

    private func save(_ state: ChannelsState) {
        do {
            try publisher.writeState(Self.file, JSONEncoder().encode(state))
        } catch {
            logger.warning("The known logins of channels cannot be saved", metadata: [IRCLogKey.error: "\(error)"])
        }
    }
}
