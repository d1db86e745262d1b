import FoundationEssentials

/// Which process it is, not only under which number: numbers are given again.
struct ProcessIdentity: Hashable, Codable, Sendable {
    var pid: Int32
    /// Clock ticks from the boot to the process's start, as `/proc/PID/stat` tells.
    var started: UInt64
    /// The boot that `started` counts from.
    var boot: String

    /// The process that has this number now; nil where there is none, or only its exit status is left.
    init?(running pid: Int32) {
        guard let entry = ProcessEntry(pid), entry.state != "Z", let boot = Self.boot else { return nil }
        self.pid = pid
        self.started = entry.started
        self.boot = boot
    }

    /// Whether this very process still runs.
    var isRunning: Bool { ProcessIdentity(running: pid) == self }

    private static var boot: String? {
        FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id")
            .map { String(decoding: $0.prefix { $0 > 0x20 }, as: UTF8.self) }
    }
}
