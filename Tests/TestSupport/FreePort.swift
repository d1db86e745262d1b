import Foundation

/// A TCP port for a program that has to be told one.
package enum FreePort {
    /// A port of 127.0.0.1 that nobody has now.
    ///
    /// Below the range that the kernel takes from by itself: otherwise the other tests' connections take the port between
    /// this look and its use.
    /// - Throws: `NoFreePort` after many tries.
    package static func any() throws -> Int {
        for _ in 0..<200 {
            let port = UInt16.random(in: 15_000..<32_000)
            if isFree(port) { return Int(port) }
        }
        throw NoFreePort()
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0
            }
        }
    }
}

/// Hundreds of ports were taken.
package struct NoFreePort: Error {}
