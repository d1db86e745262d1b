import EventStore
import FoundationEssentials
import Protocol

/// The same for programs: keys in snake_case, times as RFC 3339, what is not known left out.
enum CoverageJSON {
    private struct Report: Encodable {
        var from: Timestamp
        var to: Timestamp
        var channels: [Channel]
    }

    private struct Channel: Encodable {
        var channel: String
        var share: Double
        var isAtLeast: Bool
        var listenedSeconds: Double
        var missedSeconds: Double
        var backfilledSeconds: Double
        var holes: [Hole]
        var losses: [Loss]
    }

    private struct Hole: Encodable {
        var from: Timestamp
        var to: Timestamp
        var seconds: Double
        var causes: [Coverage.Cause]
        var backfill: Coverage.Backfill?
    }

    private struct Loss: Encodable {
        var producer: String
        var partition: Int
        var earliest: Timestamp?
        var latest: Timestamp
        var atMost: Int?
    }

    static func text(_ channels: [ChannelCoverage], _ range: CoverageRange) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let report = Report(from: range.from, to: range.through, channels: channels.map(channel))
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }

    private static func channel(_ found: ChannelCoverage) -> Channel {
        Channel(
            channel: found.login,
            share: found.coverage.share,
            isAtLeast: found.coverage.isAtLeast,
            listenedSeconds: Double(found.milliseconds - found.missed) / 1000,
            missedSeconds: Double(found.missed) / 1000,
            backfilledSeconds: Double(found.backfilled) / 1000,
            holes: found.coverage.holes.map {
                Hole(
                    from: $0.from,
                    to: $0.through,
                    seconds: Double($0.milliseconds) / 1000,
                    causes: $0.causes,
                    backfill: $0.backfill
                )
            },
            losses: found.losses.map {
                Loss(
                    producer: $0.producer,
                    partition: $0.partition,
                    earliest: $0.earliest,
                    latest: $0.latest,
                    atMost: $0.atMost
                )
            }
        )
    }
}
