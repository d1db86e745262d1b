import EventBus
import FoundationEssentials
import Protocol
import ServiceRuntime

/// What a running stream-poller knows: costs Twitch nothing and needs no credentials here.
struct PollerAnswer: Sendable {
    var streams: StreamsState
    var channels: ChannelsState

    /// Asks the running stream-poller; nil when there is none.
    static func ask(_ settings: Settings) async throws -> PollerAnswer? {
        let state = try settings.stateDirectoryPath()
        let named = try settings.list("STREAM_POLLER_BUS")
        var followed = EventFollower.Configuration(endpoints: [])
        followed.follow(named.isEmpty ? ["ipc://\(state)/bus/stream-poller-*"] : named, of: "stream-poller")
        followed.security = try BusSecurity.configured(
            settings.string("BUS_KEYS_DIR"),
            stateDirectory: state,
            name: "collector"
        )
        followed.allowsPlaintext = try settings.boolean("BUS_ALLOW_PLAINTEXT", default: false)
        let query = try StateQuery(followed)
        guard let streams = try await query.ask(StreamsState.topic, within: .seconds(2)).first,
            let channels = try await query.ask(ChannelsState.topic, within: .seconds(2)).first
        else { return nil }
        return PollerAnswer(
            streams: try JSONDecoder().decode(StreamsState.self, from: Data(streams.state)),
            channels: try JSONDecoder().decode(ChannelsState.self, from: Data(channels.state))
        )
    }

    /// Whether it asked Twitch lately: within two intervals and half a minute.
    func isFresh(_ interval: Duration, now: Timestamp) -> Bool {
        guard let asked = streams.polledAt else { return false }
        return Duration.milliseconds(now.rawValue - asked.rawValue) <= interval * 2 + .seconds(30)
    }

    /// Whether it watches all these channels.
    func covers(_ list: ChannelList) -> Bool {
        let known = Set(channels.channels.map(\.listedAs) + channels.unknown)
        return (list.logins + list.userIDs).allSatisfy(known.contains)
    }

    func report(_ list: ChannelList, now: Timestamp) -> CheckReport {
        let live = Dictionary(
            streams.streams.map { ($0.update.broadcasterUserID, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let rows = (list.logins + list.userIDs).map { listed -> CheckReport.Channel in
            guard let channel = channels.channels.first(where: { $0.listedAs == listed }) else {
                let isUnknown = channels.unknown.contains(listed)
                return .init(listedAs: listed, state: isUnknown ? .unknown : .unanswered)
            }
            return .init(
                listedAs: listed,
                userID: channel.userID,
                login: channel.userLogin,
                name: channel.userName,
                state: live[channel.userID].map { .live(CheckReport.Live($0)) } ?? .offline
            )
        }
        return CheckReport(source: .poller(askedAt: streams.polledAt), now: now, channels: rows)
    }
}

extension CheckReport.Live {
    fileprivate init(_ stream: StreamsState.Stream) {
        self.init(
            streamID: stream.update.streamID,
            title: stream.update.title,
            category: stream.update.categoryName,
            language: stream.update.language,
            viewers: stream.update.viewerCount,
            startedAt: stream.startedAt
        )
    }
}
