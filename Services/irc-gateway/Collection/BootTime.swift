import Foundation
import Glibc

/// How long the machine has been running, and since which start of it: what no setting of its clock changes.
struct BootTime: Hashable, Sendable {
    /// Another one after each start of the machine.
    var id: String
    /// Since then, sleep included.
    var milliseconds: Int64

    /// Nil where the machine does not tell.
    static func now() -> BootTime? {
        guard let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8) else {
            return nil
        }
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_BOOTTIME, &time) == 0 else { return nil }
        let id = text.filter { $0.isHexDigit || $0 == "-" }
        return BootTime(id: id, milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
