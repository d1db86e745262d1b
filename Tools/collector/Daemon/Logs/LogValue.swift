/// Any JSON value of a log record, as text.
struct LogValue: Decodable, Hashable, Sendable {
    var text: String

    /// In quotes where it holds a space.
    var word: String { text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            text = value
        } else if let value = try? container.decode(Bool.self) {
            text = "\(value)"
        } else if let value = try? container.decode(Int.self) {
            text = "\(value)"
        } else if let value = try? container.decode(Double.self) {
            text = "\(value)"
        } else if let values = try? container.decode([LogValue].self) {
            text = "[" + values.map(\.text).joined(separator: ",") + "]"
        } else if let values = try? container.decode([String: LogValue].self) {
            text =
                "{" + values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.text)" }.joined(separator: ",")
                + "}"
        } else {
            text = "null"
        }
    }
}
