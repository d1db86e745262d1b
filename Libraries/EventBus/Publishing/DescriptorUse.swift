import Dispatch
import Glibc

/// How many descriptors the process has open, and when they are so many that connections must go. For one thread.
///
/// libzmq 4.3.4 takes connections without a bound. Where none is left, nothing else can open a file or a connection either.
@safe
final class DescriptorUse {
    /// More than this are never needed by us: whoever holds them is to connect anew.
    private static let most = 4096
    /// How much more than what is left after a purge is a crowd again.
    private static let step = 256

    // Opened once: when it is needed there may be no descriptor to open it with.
    private let folder: OpaquePointer?
    private let limit: Int
    /// What was open after the last purge, which closing connections does not lower.
    private var floor = 0

    /// - Parameter limit: How many descriptors the process may have; nil asks the system.
    init(limit: Int? = nil) {
        unsafe folder = opendir("/proc/self/fd")
        self.limit = limit ?? Self.softLimit()
    }

    deinit { if let folder = unsafe folder { _ = unsafe closedir(folder) } }

    /// How many are open; nil where the system does not say.
    var count: Int? {
        guard let folder = unsafe folder else { return nil }
        unsafe rewinddir(folder)
        var count = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Without `.` and `..`.
        return max(0, count - 2)
    }

    /// Whether so many are open that a quarter of the limit, or less, is left.
    func isCrowded(_ count: Int) -> Bool {
        count > max(min(Self.most, limit - max(64, limit / 4)), floor + Self.step)
    }

    /// What stays open when the connections were closed.
    func purged(to count: Int) { floor = count }

    private static func softLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }
}
