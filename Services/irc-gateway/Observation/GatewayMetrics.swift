import Metrics
import Protocol
import TwitchChat

/// Everything the gateway counts, made once.
struct GatewayMetrics: Sendable {
    let linesReceived = Counter(label: "irc_lines_received_total")
    let duplicates = Counter(label: "irc_duplicates_suppressed_total")
    let malformed = Counter(label: "irc_malformed_lines_total")
    let joinsSent = Counter(label: "irc_joins_sent_total")
    let anonymousConnections = Gauge(label: "irc_connections", dimensions: [("identity", "anonymous")])
    let accountConnections = Gauge(label: "irc_connections", dimensions: [("identity", "account")])
    let wanted = Gauge(label: "irc_channels_wanted")
    let joined = Gauge(label: "irc_channels_joined")
    let members = Gauge(label: "irc_gateway_members")
    let listed = Gauge(label: "irc_channels_listed")
    let lent = Gauge(label: "irc_channels_lent")
    let refused = Gauge(label: "irc_channels_refused")
    private let live = Gauge(label: "irc_channels_live")
    private let silent = Gauge(label: "irc_channels_live_silent")
    private let messages: [EventType: Counter]
    private let reconnects: [String: Counter]
    private let refusals: [JoinRefusal: Counter]
    private let loginRefusals: [LoginRefusal?: Counter]

    init() {
        let types: [EventType] = [
            .chatMessage, .chatNotification, .chatMessageDelete, .chatClear, .ban, .chatSettingsUpdate, .chatNotice,
        ]
        messages = Dictionary(
            uniqueKeysWithValues: types.map {
                ($0, Counter(label: "irc_messages_total", dimensions: [("type", $0.rawValue)]))
            }
        )
        let causes = [
            "reconnect", "unreachable", "tls", "upgrade_refused", "closed", "silent", "login_timeout", "login_refused",
        ]
        reconnects = Dictionary(
            uniqueKeysWithValues: causes.map {
                ($0, Counter(label: "irc_reconnects_total", dimensions: [("cause", $0)]))
            }
        )
        refusals = Dictionary(
            uniqueKeysWithValues: JoinRefusal.allCases.map {
                ($0, Counter(label: "irc_join_refusals_total", dimensions: [("reason", $0.rawValue)]))
            }
        )
        loginRefusals = Dictionary(
            uniqueKeysWithValues: (LoginRefusal.allCases.map(Optional.some) + [nil]).map {
                ($0, Counter(label: "irc_login_refusals_total", dimensions: [("reason", $0?.rawValue ?? "other")]))
            }
        )
    }

    func count(_ event: Event) { messages[event.type]?.increment() }
    func reconnected(_ cause: String) { reconnects[cause]?.increment() }
    func refused(_ refusal: JoinRefusal) { refusals[refusal]?.increment() }
    /// An account's login was refused; nil for a reason that is no known notice.
    func loginRefused(_ refusal: LoginRefusal?) { loginRefusals[refusal]?.increment() }

    /// How many channels are live, and how many of them say nothing.
    func show(live: Int, silent: Int) {
        self.live.record(live)
        self.silent.record(silent)
    }

    /// Sets the gauges.
    func show(_ progress: ReaderProgress) {
        accountConnections.record(progress.accountConnections)
        anonymousConnections.record(progress.readyConnections - progress.accountConnections)
        wanted.record(progress.wanted)
        joined.record(progress.joined)
        refused.record(progress.refused)
    }

    /// Sets the gauges of what is shared; `members` counts this gateway too.
    func show(_ share: ChannelShare, members: Int) {
        self.members.record(members)
        listed.record(share.logins.count + share.elsewhere.count)
        lent.record(share.lent)
    }
}
