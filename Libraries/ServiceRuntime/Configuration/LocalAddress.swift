import NIOCore
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether an address can be bound here: asked without listening, so that nobody can connect meanwhile.
package enum LocalAddress {
    /// Why an address cannot be bound.
    package enum Refusal: Error, Hashable {
        /// The host is neither an address nor a name that resolves.
        case unresolvable
        /// What `bind` said.
        case system(Errno)
    }

    /// The addresses that `host` stands for; IPv6 with or without brackets. Asks the resolver: blocks.
    static func resolved(_ host: String, port: Int) throws(Refusal) -> SocketAddress {
        do {
            return try .makeAddressResolvingHost(self.bare(host), port: port)
        } catch {
            throw .unresolvable
        }
    }

    /// Binds and closes. Port 0 is any free one. Blocks while the resolver answers.
    package static func check(_ host: String, port: Int) throws(Refusal) {
        let address = try self.resolved(host, port: port)
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(Errno(rawValue: errno)) }
        defer { close(descriptor) }
        // As servers do: connections that have just ended do not count.
        var isReused: Int32 = 1
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &isReused,
            socklen_t(MemoryLayout.size(ofValue: isReused))
        )
        let status = unsafe address.withSockAddr { unsafe bind(descriptor, $0, socklen_t($1)) }
        guard status == 0 else { throw .system(Errno(rawValue: errno)) }
    }

    /// Without the brackets that an IPv6 address has beside a port.
    static func bare(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }
}
