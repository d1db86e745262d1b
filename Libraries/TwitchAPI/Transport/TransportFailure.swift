import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why no answer came, in words for a person, and whether the request may have arrived.
package struct TransportFailure: Hashable, Sendable {
    /// One line without secrets.
    package var reason: String
    /// Certain only for failures before the first byte.
    var wasSent: Bool

    package init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError: self.init(Self.reason(error), wasSent: false)
        case let error as HTTPClientError: self.init(error)
        case NIOSSLError.handshakeFailed, is NIOSSLExtraError, is BoringSSLError:
            self.init(Self.tlsReason(error), wasSent: false)
        case let error as IOError:
            self.init(Self.reason(error), wasSent: !Self.neverConnected.contains(error.errnoCode))
        case is CancellationError: self.init("cancelled", wasSent: true)
        case is NIOTooManyBytesError: self.init("the answer is too long", wasSent: true)
        default: self.init("\(type(of: error))", wasSent: true)
        }
    }

    private init(_ reason: String, wasSent: Bool) {
        self.reason = reason
        self.wasSent = wasSent
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout: self.init("no answer to the connection attempt", wasSent: false)
        case .getConnectionFromPoolTimeout: self.init("no connection could be made in time", wasSent: false)
        case .tlsHandshakeTimeout: self.init("no answer in the TLS handshake", wasSent: false)
        case .socksHandshakeTimeout, .httpProxyHandshakeTimeout, .proxyAuthenticationRequired, .invalidProxyResponse:
            self.init("the proxy does not let us through", wasSent: false)
        case .alreadyShutdown: self.init("stopping", wasSent: false)
        case .deadlineExceeded, .readTimeout, .writeTimeout: self.init("no answer in time", wasSent: true)
        case .remoteConnectionClosed, .uncleanShutdown:
            self.init("the connection was closed before the answer", wasSent: true)
        case .cancelled: self.init("cancelled", wasSent: true)
        default: self.init(error.shortDescription, wasSent: true)
        }
    }

    private static let neverConnected: Set<CInt> = [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ENETDOWN, EADDRNOTAVAIL]

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty { return "the name cannot be resolved" }
        let reasons = error.connectionErrors.map { failure -> String in
            if let error = failure.error as? IOError { return Self.reason(error) }
            return "no answer to the connection attempt"
        }
        return Set(reasons).sorted().joined(separator: "; ")
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE, ECONNABORTED: "the connection was closed before the answer"
        case ENETUNREACH, ENETDOWN: "the network is unreachable"
        case EHOSTUNREACH, EHOSTDOWN: "the host is unreachable"
        case EMFILE, ENFILE: "too many open files; raise the limit (ulimit -n)"
        case let code: unsafe String(cString: strerror(code))
        }
    }

    private static func tlsReason(_ error: any Error) -> String {
        if (error as? NIOSSLExtraError) == .failedToValidateHostname { return "the certificate is for another name" }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the certificate is not trusted" }
        if text.contains("WRONG_VERSION_NUMBER") { return "the server does not speak TLS on this port" }
        return "the TLS handshake failed"
    }
}
