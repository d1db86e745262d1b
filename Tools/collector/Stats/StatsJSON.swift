import EventStore
import FoundationEssentials

/// The figures for programs: keys in snake_case, times as RFC 3339, what is not known left out.
enum StatsJSON {
    static func text(_ streams: [StreamStatistics], isList: Bool) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try isList ? encoder.encode(streams) : encoder.encode(streams.first)
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
