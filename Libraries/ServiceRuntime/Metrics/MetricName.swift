/// Names, labels and numbers as Prometheus' text format wants them.
enum MetricName {
    static func sanitized(_ name: String) -> String {
        let text = String(
            name.unicodeScalars.map { scalar in
                let isAllowed =
                    scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == ":")
                return isAllowed ? Character(scalar) : "_"
            }
        )
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    /// `a="b",c="d"`.
    static func rendered(labels: [(String, String)]) -> String {
        labels.map { "\(Self.sanitized($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    static func line(_ name: String, _ labels: String, _ value: String) -> String {
        labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    static func escapedHelp(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0.isNewline ? "\\n" : String($0) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\"" ? "\\\"" : $0 == "\\" ? "\\\\" : $0.isNewline ? "\\n" : String($0) }.joined()
    }
}
