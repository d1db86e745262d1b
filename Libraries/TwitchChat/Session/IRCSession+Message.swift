package import TwitchIRC

extension IRCSession.Line {
    /// What a message means for login and liveness; nil for all others.
    package init?(_ message: TwitchMessage) {
        switch message {
        case .ping(let ping): self = .ping(ping.text)
        case .pong(let pong): self = .pong(pong.text)
        case .reconnect: self = .reconnect
        case .numeric(let reply) where reply.code == 1: self = .welcome
        case .cap(let reply) where reply.outcome == .refused:
            self = .capabilityRefused(reply.capabilities.joined(separator: " "))
        case .notice(let notice) where notice.channel == nil: self = .loginNotice(notice.text)
        default: return nil
        }
    }
}
