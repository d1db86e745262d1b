#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the kernel says about this process, under the names that every Prometheus client uses.
///
/// Read from `/proc` at each scrape; nothing is reported where there is no `/proc`.
enum ProcessMetrics {
    static func rendered() -> String {
        var text = ""
        if let stat = Self.stat() {
            Self.add("process_cpu_seconds_total", "counter", "User and system CPU time in seconds.", stat.cpu, &text)
            Self.add("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", stat.resident, &text)
            Self.add("process_threads", "gauge", "Threads of the process.", stat.threads, &text)
            if let boot = Self.bootTime() {
                Self.add(
                    "process_start_time_seconds",
                    "gauge",
                    "Start of the process in seconds since 1970.",
                    boot + stat.startAfterBoot,
                    &text
                )
            }
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            Self.add("process_open_fds", "gauge", "Open file descriptors.", Double(descriptors.count), &text)
        }
        return text
    }

    private static func add(_ name: String, _ kind: String, _ help: String, _ value: Double, _ text: inout String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name) \(MetricName.number(value))\n"
    }

    /// The fields of `/proc/self/stat` after the command, which stands in parentheses and may contain spaces.
    private static func stat() -> (cpu: Double, resident: Double, threads: Double, startAfterBoot: Double)? {
        guard let text = Self.file("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 21 else { return nil }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        return (
            cpu: (fields[11] + fields[12]) / ticks,
            resident: fields[21] * Double(sysconf(Int32(_SC_PAGESIZE))),
            threads: fields[17],
            startAfterBoot: fields[19] / ticks
        )
    }

    private static func bootTime() -> Double? {
        guard let line = Self.file("/proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }) else {
            return nil
        }
        return Double(line.dropFirst(6))
    }

    private static func file(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
