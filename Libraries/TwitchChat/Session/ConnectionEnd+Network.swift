import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOWebSocket

extension ConnectionEnd {
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
        case is NIOWebSocketError:
            self = .closed("protocol error: \(Self.oneLine("\(error)"))")
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
            return "the certificate is not trusted; TWITCH_IRC_CA_FILE names an authority of your own"
        }
        if text.contains("WRONG_VERSION_NUMBER") {
            return "the server does not speak TLS on this port"
        }
        if (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return "the certificate is for another name"
        }
        return text
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 }.prefix(200))
    }
}
