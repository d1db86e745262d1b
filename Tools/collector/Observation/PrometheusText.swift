/// The samples of one scrape of `/metrics`, in the Prometheus text format 0.0.4.
struct PrometheusText: Hashable, Sendable {
    /// One line: a name, its labels and a value.
    struct Sample: Hashable, Sendable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    var samples: [Sample]

    /// Reads what it understands and leaves out the rest: a newer service may say more than we know.
    init(_ text: String) {
        samples = text.split(separator: "\n").compactMap(Self.sample)
    }

    /// The sum over all label values; nil when the metric is not there.
    func sum(_ name: String, where labels: [String: String] = [:]) -> Double? {
        var found = false
        var sum = 0.0
        for sample in samples where sample.name == name {
            guard labels.allSatisfy({ sample.labels[$0.key] == $0.value }) else { continue }
            found = true
            sum += sample.value
        }
        return found ? sum : nil
    }

    private static func sample(_ line: Substring) -> Sample? {
        guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return nil }
        guard let value = Double(line[line.index(after: space)...]) else { return nil }
        let series = line[..<space]
        guard let brace = series.firstIndex(of: "{") else {
            return Sample(name: String(series), labels: [:], value: value)
        }
        guard series.hasSuffix("}") else { return nil }
        let inside = series[series.index(after: brace)...].dropLast()
        return Sample(name: String(series[..<brace]), labels: labels(inside), value: value)
    }

    private static func labels(_ text: Substring) -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].drop { $0 == "," || $0 == " " }
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else { return labels }
            rest = rest.dropFirst()
            var value = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\", let escaped = rest.popFirst() else {
                    value.append(character)
                    continue
                }
                value.append(escaped == "n" ? "\n" : escaped)
            }
            labels[String(name)] = value
        }
        return labels
    }
}
