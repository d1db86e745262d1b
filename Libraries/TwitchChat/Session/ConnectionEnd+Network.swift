import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import ServiceRuntime

extension ConnectionEnd {
    /// Why no WebSocket was opened: what the server sent explains more than what failed because of it.
    init(failedHandshake error: any Error, _ witness: HandshakeWitness, to endpoint: WebSocketEndpoint) {
        let place = "\(endpoint.host):\(endpoint.port)"
        // A server that speaks no TLS says so in clear.
        let isClear = endpoint.isSecure && witness.inside.isEmpty && !(0x14...0x17).contains(witness.wire.first ?? 0x16)
        if isClear, let stranger = StrangeServer.explanation(witness.wire, isSecure: true) {
            self = .tls("the server does not speak TLS on this port: \(stranger)")
            return
        }
        if let stranger = StrangeServer.explanation(witness.inside, isSecure: endpoint.isSecure) {
            self = .upgradeRefused(stranger)
            return
        }
        let end = ConnectionEnd(error, to: endpoint)
        switch end {
        case .unreachable, .tls: self = end
        case .closed where endpoint.isSecure && witness.inside.isEmpty && !(error is IOError):
            self = .tls("the connection was closed during the TLS handshake; check host and port in TWITCH_IRC_URL")
        case .closed(let detail) where error is IOError:
            self = .unreachable("\(place): \(detail) before the WebSocket was open")
        default:
            self = .upgradeRefused("\(place) closed the connection without an answer; check TWITCH_IRC_URL")
        }
    }

    /// Sorts what NIO throws, in words for a person.
    package init(_ error: any Error, to endpoint: WebSocketEndpoint) {
        switch error {
        case let end as ConnectionEnd:
            self = end
        case let error as NIOConnectionError:
            self = .unreachable("\(endpoint.host):\(endpoint.port): \(Self.reason(error))")
        case is ChannelError where (error as? ChannelError).map(Self.isTimeout) ?? false:
            self = .unreachable("\(endpoint.host):\(endpoint.port): no answer")
        case NIOSSLError.uncleanShutdown:
            self = .closed("")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            self = .tls(Self.tlsReason(error))
        case let error as IOError:
            self = .closed(Self.reason(error))
        case let violation as WebSocketViolation:
            self = .closed(violation.explanation)
        default:
            self = .closed(Self.oneLine("\(error)"))
        }
    }

    private static func isTimeout(_ error: ChannelError) -> Bool {
        if case .connectTimeout = error { true } else { false }
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty {
            return "the name cannot be resolved; check TWITCH_IRC_URL and the name server"
        }
        let reasons = error.connectionErrors.map { failure in
            if let channelError = failure.error as? ChannelError, isTimeout(channelError) { return "no answer" }
            if let ioError = failure.error as? IOError { return reason(ioError) }
            return oneLine("\(failure.error)")
        }
        return Array(Set(reasons)).sorted().joined(separator: "; ")
    }

    /// The system's reason without the name of the call that failed.
    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET: "connection reset"
        case ECONNABORTED: "connection aborted"
        case EPIPE: "connection broken"
        case ETIMEDOUT: "no answer"
        case ENETUNREACH, ENETDOWN: "the network is unreachable"
        case EHOSTUNREACH, EHOSTDOWN: "the host is unreachable"
        case EADDRNOTAVAIL: "no local port is free"
        case EACCES, EPERM: "not permitted by this machine"
        case EMFILE, ENFILE: "too many open files; raise the limit (ulimit -n)"
        default: oneLine(error.description)
        }
    }

    private static func tlsReason(_ error: any Error) -> String {
        let text = oneLine("\(error)")
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            let reason = "the certificate is not trusted; TWITCH_IRC_CA_FILE names an authority of your own"
            // By a wrong clock every certificate has expired, or is not valid yet.
            return PossibleTime.obstacle().map { "\(reason); \($0)" } ?? reason
        }
        if text.contains("WRONG_VERSION_NUMBER") {
            return "the server does not speak TLS on this port"
        }
        if (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return "the certificate is for another name"
        }
        if text.contains("EOF during handshake") {
            return "the connection was closed during the TLS handshake; check host and port in TWITCH_IRC_URL"
        }
        if text.contains("PROTOCOL_VERSION") { return "the server knows no TLS 1.2 or later" }
        if text.contains("HANDSHAKE_FAILURE") { return "the server refused the TLS handshake" }
        return text
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }.prefix(200))
    }
}
