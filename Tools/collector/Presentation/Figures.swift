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

    /// `▁▂▅█`, scaled to the greatest value.
    static func sparkline(_ values: [Double], width: Int) -> String {
        let shown = values.suffix(width)
        guard let peak = shown.max(), peak > 0 else { return String(repeating: "▁", count: shown.count) }
        let bars = Array("▁▂▃▄▅▆▇█")
        return String(shown.map { bars[min(bars.count - 1, Int($0 / peak * Double(bars.count - 1) + 0.5))] })
    }
}
