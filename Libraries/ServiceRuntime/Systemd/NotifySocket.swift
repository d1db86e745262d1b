#if canImport(Glibc)
import Glibc
#endif

/// Where systemd hears how a service is: one datagram for each message, as sd_notify(3) describes.
struct NotifySocket: Sendable {
    /// A path, or a name behind `@` in the abstract namespace.
    private let address: String
    /// Within which time systemd wants to hear that we live; nil where it does not.
    let watchdog: Duration?

    /// Nil where `NOTIFY_SOCKET` is not set, or is of a kind that does not exist here. `WATCHDOG_USEC` is for the process
    /// of `WATCHDOG_PID`, or for all where that is not set.
    init?(environment: [String: String], pid: Int32) {
        guard let address = environment["NOTIFY_SOCKET"], address.utf8.count > 1 else { return nil }
        guard address.hasPrefix("/") || address.hasPrefix("@") else { return nil }
        self.address = address
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(pid)" } ?? true
        let limit = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        self.watchdog = isForUs && limit > 0 ? .microseconds(limit) : nil
    }

    /// Sends lines such as `READY=1`. False when nobody hears them, which changes nothing for the service.
    @discardableResult
    func send(_ lines: String...) -> Bool {
        self.send(lines.joined(separator: "\n"))
    }

    #if canImport(Glibc)
    private func send(_ message: String) -> Bool {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var path = Array(self.address.utf8)
        // The abstract namespace: a NUL in front, and only as long as it is said to be.
        let isAbstract = path[0] == UInt8(ascii: "@")
        if isAbstract { path[0] = 0 }
        let capacity = MemoryLayout.size(ofValue: name.sun_path)
        guard path.count < capacity else { return false }
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path) }
        let offset = MemoryLayout<sockaddr_un>.size - capacity
        let length = socklen_t(offset + path.count + (isAbstract ? 0 : 1))

        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let bytes = Array(message.utf8)
        // A manager that is busy must not hold us up; the watchdog's next line comes soon.
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = unsafe withUnsafePointer(to: &name) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                unsafe sendto(descriptor, bytes, bytes.count, flags, target, length)
            }
        }
        return sent == bytes.count
    }
    #else
    private func send(_ message: String) -> Bool { false }
    #endif
}
