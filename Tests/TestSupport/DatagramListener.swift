import Foundation
import Synchronization

/// A unix datagram socket that keeps what it is sent, as systemd's `NOTIFY_SOCKET` would.
package final class DatagramListener: Sendable {
    private let descriptor: Int32
    private let received = Mutex<[String]>([])

    /// `address` is a path, or `@name` in the abstract namespace.
    /// - Throws: `CannotListen` when it cannot be bound.
    package init(_ address: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = address.hasPrefix("@")
        let path = isAbstract ? [0] + Array(address.utf8.dropFirst()) : Array(address.utf8)
        let capacity = MemoryLayout.size(ofValue: name.sun_path)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.prefix(capacity - 1)) }
        let length = MemoryLayout<sockaddr_un>.size - capacity + path.count + (isAbstract ? 0 : 1)
        let result = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(length))
            }
        }
        guard result == 0 else { throw CannotListen(address: address) }
    }

    deinit { close(descriptor) }

    /// Everything that has come so far, in order.
    package var messages: [String] {
        received.withLock { received in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
                guard count >= 0 else { return received }
                received.append(String(decoding: buffer.prefix(count), as: UTF8.self))
            }
        }
    }

    /// The lines of all messages.
    package var lines: [String] { messages.flatMap { $0.split(separator: "\n").map(String.init) } }
}

/// A socket's address is taken or cannot be used.
package struct CannotListen: Error {
    package var address: String
}
