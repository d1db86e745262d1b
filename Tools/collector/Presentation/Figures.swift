/// Numbers as a person reads them.
enum Figures {
    /// `1,234,567`
    static func count(_ value: Int) -> String {
        let digits = String(abs(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// `42.3` below a hundred, `1,234` above.
    static func rate(_ value: Double) -> String {
        guard value < 100 else { return count(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `512 B`, `1.4 MiB`
    static func bytes(_ value: Int) -> String {
        var amount = Double(value)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if amount < 1024 { return unit == "B" ? "\(value) B" : "\(rate(amount)) \(unit)" }
            amount /= 1024
        }
        return "\(rate(amount)) TiB"
    }

    /// `38 ms`, `2.5 s`, `3 min`
    static func latency(_ seconds: Double) -> String {
        if seconds < 1 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 120 { return "\(rate(seconds)) s" }
        return "\(Int(seconds / 60)) min"
    }

    /// `01:23:45`, with days in front from the first day on.
    static func elapsed(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
        return seconds < 86_400 ? clock : "\(seconds / 86_400)d \(clock)"
    }

    /// `1 message`, `2 messages`
    static func number(_ value: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
    }

    /// `97.3 %`; `100 %` only when nothing is missing.
    static func share(_ value: Double) -> String {
        guard value < 1 else { return "100 %" }
        let tenths = min(999, Int((value * 1000).rounded()))
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// `42 s`, `3 min 12 s`, `3 h 12 min`, `2 d 3 h`: the two greatest units.
    static func duration(_ seconds: Int) -> String {
        let units = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        guard let first = units.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
        return units[first..<min(first + 2, units.count)].filter { $0.0 > 0 }.map { "\($0) \($1)" }
            .joined(separator: " ")
    }

    /// `3:12:44`
    static func clock(_ seconds: Int) -> String {
        let rest = [seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(seconds / 3600):\(rest)"
    }

    /// `▁▂▅█`, scaled to the greatest value.
    static func sparkline(_ values: [Double], width: Int) -> String {
        let shown = values.suffix(width)
        guard let peak = shown.max(), peak > 0 else { return String(repeating: "▁", count: shown.count) }
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(shown.map { bars[min(bars.count - 1, Int($0 / peak * Double(bars.count - 1) + 0.5))] })
    }
}

extension String {
    /// Right-aligned in a number of columns.
    func rightAligned(in columns: Int) -> String {
        String(repeating: " ", count: max(0, columns - TextWidth.of(self))) + self
    }
}
