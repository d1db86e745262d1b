/// Why a connection ended.
package enum ConnectionEnd: Error, Hashable, Sendable {
    /// No TCP connection, or none in time.
    case unreachable(String)
    /// TLS failed: certificate, name or protocol.
    case tls(String)
    /// The server did not speak WebSocket as expected.
    case upgradeRefused(String)
    /// The server closed the connection, or the network did.
    case closed(String)
    /// Nothing was heard although we asked.
    case silent
    /// No welcome in time.
    case loginTimeout
    /// Twitch refused the login with this notice.
    case loginRefused(String)
    /// RECONNECT was announced and another connection has taken over.
    case replaced
    /// No channel is wanted on it any more.
    case unneeded
    /// The process stops.
    case shutdown

    /// A bounded word for metrics.
    package var label: String {
        switch self {
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .upgradeRefused: "upgrade_refused"
        case .closed: "closed"
        case .silent: "silent"
        case .loginTimeout: "login_timeout"
        case .loginRefused: "login_refused"
        case .replaced: "reconnect"
        case .unneeded: "unneeded"
        case .shutdown: "shutdown"
        }
    }

    /// One line for a person.
    package var explanation: String {
        switch self {
        case .unreachable(let detail): "no connection: \(detail)"
        case .tls(let detail): "TLS failed: \(detail)"
        case .upgradeRefused(let detail): "not a WebSocket server: \(detail)"
        case .closed(let detail): detail.isEmpty ? "closed by the server" : "closed: \(detail)"
        case .silent: "no answer to PING"
        case .loginTimeout: "no welcome after the login"
        case .loginRefused(let notice): "login refused: \(notice)"
        case .replaced: "replaced after RECONNECT"
        case .unneeded: "no channels left"
        case .shutdown: "shutting down"
        }
    }
}
