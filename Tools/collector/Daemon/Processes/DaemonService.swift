import ArgumentParser

/// What can run as a daemon, in the order of starting: what stores first, what reads last.
enum DaemonService: String, CaseIterable, ExpressibleByArgument, Sendable {
    case writer
    case tokenService = "token-service"
    case streamPoller = "stream-poller"
    case ircGateway = "irc-gateway"
    /// Reads beside the first one, so that either may be away.
    case secondGateway = "irc-gateway-2"

    var name: String { rawValue }

    /// The executable, and what it calls itself.
    var program: String { self == .secondGateway ? Self.ircGateway.rawValue : rawValue }

    /// Groups that may stop at the same time: what stores is stopped last, so that what was accepted is stored.
    static let stopOrder: [[DaemonService]] = [[.ircGateway, .secondGateway, .streamPoller, .tokenService], [.writer]]
}
