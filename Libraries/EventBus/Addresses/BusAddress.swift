/// Where a producer's two sockets are: the event socket, and beside it the request socket.
///
/// `tcp://host:port` has its requests on the next port, `ipc://path` on `path` + `.req`.
package struct BusAddress: Hashable, Sendable, CustomStringConvertible {
    /// What carries it.
    package enum Transport: Hashable, Sendable {
        /// Port nil is `*`: any free one.
        case tcp(host: String, port: UInt16?)
        case ipc(path: String)
    }

    /// Longest ipc path in bytes; a socket's name has room for 107, and `.req` comes on top.
    package static let longestPath = 100

    package var transport: Transport
    /// For a follower: the service whose key the producer there must own; nil for plain text.
    var keyName: String?
    /// For a follower: the service that is expected there; nil where any may be.
    var service: String?

    package init(_ transport: Transport) {
        self.transport = transport
    }

    /// Reads one endpoint, as in `BUS_BIND`.
    package init(_ text: some StringProtocol) throws(BusAddressError) {
        if let rest = text.removing(prefix: "tcp://") {
            guard let colon = rest.lastIndex(of: ":"), colon > rest.startIndex else {
                throw BusAddressError(text, "expected tcp://host:port")
            }
            let host = String(rest[..<colon])
            let portText = rest[rest.index(after: colon)...]
            if portText == "*" {
                transport = .tcp(host: host, port: nil)
            } else if let port = UInt16(portText), (1...65_534).contains(port) {
                transport = .tcp(host: host, port: port)
            } else {
                throw BusAddressError(text, "the port is a number from 1 to 65534; requests use the next one")
            }
        } else if let path = text.removing(prefix: "ipc://"), !path.isEmpty {
            guard path.utf8.count <= Self.longestPath else {
                throw BusAddressError(
                    text,
                    "an ipc path has at most \(Self.longestPath) bytes, this one has \(path.utf8.count); "
                        + "choose a shorter STATE_DIR or path"
                )
            }
            transport = .ipc(path: String(path))
        } else {
            throw BusAddressError(text, "expected tcp://host:port or ipc://path")
        }
    }

    package var description: String {
        switch transport {
        case .tcp(let host, let port): "tcp://\(host):\(port.map(String.init) ?? "*")"
        case .ipc(let path): "ipc://\(path)"
        }
    }

    /// The request socket's endpoint.
    package var requests: String {
        switch transport {
        case .tcp(let host, let port): "tcp://\(host):\(port.map { String($0 + 1) } ?? "*")"
        case .ipc(let path): "ipc://\(path).req"
        }
    }

    /// Whether only this machine can reach it.
    package var isLocal: Bool {
        switch transport {
        case .ipc: true
        case .tcp(let host, _): host == "localhost" || host == "[::1]" || host == "::1" || host.isLoopbackIPv4
        }
    }
}

/// An endpoint that cannot be used; one line for the operator.
package struct BusAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ endpoint: some StringProtocol, _ reason: String) {
        description = "bus endpoint \"\(endpoint)\": \(reason)"
    }
}

extension StringProtocol {
    fileprivate func removing(prefix: String) -> SubSequence? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

extension String {
    /// 127.0.0.0/8 in digits; a name that merely begins so is none.
    fileprivate var isLoopbackIPv4: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
