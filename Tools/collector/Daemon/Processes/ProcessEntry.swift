import FoundationEssentials

/// What `/proc/PID/stat` says of a process.
struct ProcessEntry: Hashable, Sendable {
    /// `R`, `S`, `Z` …
    var state: String
    var parent: Int32
    /// Clock ticks since the boot.
    var started: UInt64

    init?(_ pid: Int32) {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return nil }
        self.init(stat: String(decoding: data, as: UTF8.self))
    }

    /// `pid (name) state parent …`, where the name may hold anything, brackets and spaces too.
    init?(stat: String) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        // Behind the name: field 3 is the state, 4 the parent, 22 the start.
        guard fields.count > 19, let parent = Int32(fields[1]), let started = UInt64(fields[19]) else { return nil }
        self.state = String(fields[0])
        self.parent = parent
        self.started = started
    }
}
