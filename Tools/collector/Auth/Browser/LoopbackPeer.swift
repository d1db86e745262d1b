import Dispatch
import Glibc
import NIOCore
import SystemPackage

/// Which user of this machine has the other end of a connection over loopback.
enum LoopbackPeer {
    /// Whether it is the user that this process runs as. False where it cannot be told.
    static func isOwnUser(_ channel: any Channel) async -> Bool {
        guard let local = endpoint(channel.localAddress), let remote = endpoint(channel.remoteAddress) else {
            return false
        }
        return await withCheckedContinuation { continuation in
            // The kernel makes these files while they are read, which takes a while on a busy machine.
            DispatchQueue.global().async {
                let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap(Self.table)
                let user = tables.lazy.compactMap { Self.user(of: remote, to: local, in: $0) }.first
                continuation.resume(returning: user == geteuid())
            }
        }
    }

    /// A table of the kernel's, which comes in pieces and has no size: to the end, however short a piece is.
    private static func table(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
        defer { try? file.close() }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while let count = try? unsafe piece.withUnsafeMutableBytes({ try unsafe file.read(into: $0) }), count > 0 {
            text += piece[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// An address and a port.
    struct Endpoint: Hashable, Sendable {
        var address: [UInt8]
        var port: Int

        /// As the kernel writes it: words of four bytes, each as a number of this machine. An IPv4 address also stands in
        /// the table of IPv6, where a program uses one socket for both.
        var texts: [String] {
            let forms =
                address.count == 4 ? [address, [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address] : [address]
            return forms.map { bytes in
                stride(from: 0, to: bytes.count, by: 4)
                    .map { word in bytes[word..<word + 4].reversed().map { Self.hex(Int($0), 2) }.joined() }
                    .joined() + ":" + Self.hex(port, 4)
            }
        }

        private static func hex(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 16, uppercase: true)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
    }

    /// The user of the socket from `peer` to `own` in a table as `/proc/net/tcp` has it; nil when it is not there.
    static func user(of peer: Endpoint, to own: Endpoint, in table: String) -> uid_t? {
        let wanted = zip(peer.texts, own.texts).map { [$0, $1] }
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count > 7, wanted.contains([String(fields[1]), String(fields[2])]) else { continue }
            return uid_t(fields[7])
        }
        return nil
    }

    private static func endpoint(_ address: SocketAddress?) -> Endpoint? {
        guard let address, let text = address.ipAddress, let port = address.port else { return nil }
        var bytes = [UInt8](repeating: 0, count: address.protocol == .inet6 ? 16 : 4)
        guard unsafe inet_pton(address.protocol == .inet6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
        return Endpoint(address: bytes, port: port)
    }
}
