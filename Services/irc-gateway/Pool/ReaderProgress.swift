import Synchronization
import TwitchChat

/// How far readers have come with their channels.
struct ReaderProgress: Sendable {
    /// Connections that are logged in.
    var readyConnections = 0
    /// Those of them that use the account, and its login.
    var accountConnections = 0
    var accountLogin: String?
    var wanted = 0
    /// The channels that are listened to.
    var joinedLogins: Set<String> = []
    /// Channels that Twitch does not let us into.
    var refused = 0
    /// Neither joined nor refused.
    var undecided: [String] = []

    var joined: Int { joinedLogins.count }

    init() {}

    init(channels: Set<String>, connections: [ChatConnection]) {
        wanted = channels.count
        var heard: Set<String> = []
        var refusals: Set<String> = []
        for connection in connections where connection.isReady {
            readyConnections += 1
            if connection.credentials.isAccount {
                accountConnections += 1
                accountLogin = connection.nick
            }
            let (joined, refused) = connection.state.withLock { ($0.joins.joined, $0.joins.refusals.keys) }
            heard.formUnion(joined)
            refusals.formUnion(refused)
        }
        joinedLogins = heard.intersection(channels)
        refused = refusals.subtracting(heard).intersection(channels).count
        undecided = channels.subtracting(heard).subtracting(refusals).sorted()
    }

    static func + (a: ReaderProgress, b: ReaderProgress) -> ReaderProgress {
        var sum = a
        sum.readyConnections += b.readyConnections
        sum.accountConnections += b.accountConnections
        sum.accountLogin = b.accountLogin ?? a.accountLogin
        sum.wanted += b.wanted
        sum.joinedLogins.formUnion(b.joinedLogins)
        sum.refused += b.refused
        sum.undecided += b.undecided
        return sum
    }

    /// Who we are to Twitch, in one line. `obstacle` says why an account that there is is not used.
    func identity(obstacle: String?) -> String {
        guard let accountLogin, accountConnections > 0 else {
            return "anonymous" + (obstacle.map { "; \($0)" } ?? "")
        }
        let anonymous = readyConnections - accountConnections
        guard anonymous > 0 else { return "as \(accountLogin)" }
        return "as \(accountLogin) on \(accountConnections) of \(readyConnections) connections, anonymous on the others"
    }

    /// Why chat is not collected as wanted, in one line; nil when it is. `isSpare` when other gateways read all channels.
    func obstacle(outage: ConnectionEnd?, isSpare: Bool = false) -> String? {
        if wanted == 0 { return isSpare ? nil : "no channels are wanted" }
        if readyConnections == 0 {
            return outage.map { "not connected to Twitch chat: \($0.explanation)" } ?? "connecting to Twitch chat"
        }
        guard !undecided.isEmpty else { return nil }
        let names = undecided.prefix(5).joined(separator: ", ")
        let more = undecided.count > 5 ? " and \(undecided.count - 5) more" : ""
        return "\(joined) of \(wanted) channels joined; waiting for \(names)\(more)"
    }
}
