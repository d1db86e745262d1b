import EventStore
import Protocol

/// What happened on two channels, as several producers tell it: streams that start, change, flap, end and follow each
/// other, and chat around every boundary.
struct AttributionScenario {
    /// Something said or done on a channel: a row whose `raw` is `tag`.
    struct Happening: Hashable {
        var tag: String
        var table: AttributedTable
        var channel: String
        var at: Timestamp
    }

    struct Report: Hashable {
        var streamID: String
        var channel: String
        var event: Event
        /// The envelope's time.
        var time: Timestamp
    }

    static let channels = ["100", "101"]
    static let start = ConformanceEvents.time

    var happenings: [Happening] = []
    var reports: [Report] = []

    init(_ random: inout SeededGenerator) {
        for channel in Self.channels {
            var clock = 0
            for number in 1...4 {
                clock += Int.random(in: 0...30, using: &random)
                clock = addStream("\(channel)-\(number)", of: channel, from: clock, &random)
            }
            for number in 0..<90 {
                happenings.append(
                    Happening(
                        tag: "\(channel)-\(number)",
                        table: number < 30 ? .messages : AttributedTable.allCases[number % 6],
                        channel: channel,
                        at: Self.moment(Int.random(in: -10...(clock + 40), using: &random))
                    )
                )
            }
        }
    }

    /// Every event with the producer that tells it, in the order in which they happened.
    var events: [(producer: String, event: Event, time: Timestamp)] {
        happenings.map { ("gw-7f3a", $0.event, $0.at) }
            + reports.enumerated().map { index, report in
                (index.isMultiple(of: 3) ? "sp-2" : "sp-1", report.event, report.time)
            }
    }

    private static func moment(_ offset: Int) -> Timestamp {
        Timestamp(rawValue: start.rawValue + Int64(offset))
    }

    /// Returns when the stream is over.
    private mutating func addStream(
        _ streamID: String,
        of channel: String,
        from start: Int,
        _ random: inout SeededGenerator
    ) -> Int {
        let length = Int.random(in: 3...40, using: &random)
        func add(_ event: Event, at time: Int) {
            reports.append(Report(streamID: streamID, channel: channel, event: event, time: Self.moment(time)))
        }
        // One in eight is never announced: its start is not known, and nothing can belong to it.
        if Int.random(in: 0..<8, using: &random) > 0 {
            let seen = start + Int.random(in: 0...length, using: &random)
            add(.streamOnline(online(streamID, channel, from: start, &random)), at: seen)
        }
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let seen = start + Int.random(in: 0...length, using: &random)
            add(.streamUpdate(update(streamID, channel, at: seen, &random)), at: seen)
        }
        // Ends that are refuted by what is seen later, ends that are corrected, and ends that nobody tells.
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let end = start + Int.random(in: 0...length, using: &random)
            let known = end + Int.random(in: 0...20, using: &random)
            add(.streamOffline(offline(streamID, channel, end, &random)), at: known)
        }
        return start + length
    }

    private func online(
        _ streamID: String,
        _ channel: String,
        from start: Int,
        _ random: inout SeededGenerator
    ) -> StreamOnline {
        StreamOnline(
            broadcasterUserID: channel,
            broadcasterUserLogin: "quietharbor",
            broadcasterUserName: "QuietHarbor",
            streamID: streamID,
            title: "title \(Int.random(in: 0...2, using: &random))",
            categoryID: "\(Int.random(in: 0...1, using: &random))",
            categoryName: "category",
            language: "en",
            isMature: false,
            viewerCount: Int.random(in: 0...9, using: &random),
            startedAt: Self.moment(start)
        )
    }

    private func update(
        _ streamID: String,
        _ channel: String,
        at seen: Int,
        _ random: inout SeededGenerator
    ) -> StreamUpdate {
        let online = online(streamID, channel, from: 0, &random)
        return StreamUpdate(
            broadcasterUserID: channel,
            broadcasterUserLogin: online.broadcasterUserLogin,
            broadcasterUserName: online.broadcasterUserName,
            streamID: streamID,
            title: online.title,
            categoryID: online.categoryID,
            categoryName: online.categoryName,
            language: online.language,
            isMature: false,
            viewerCount: online.viewerCount,
            observedAt: Self.moment(seen)
        )
    }

    private func offline(
        _ streamID: String,
        _ channel: String,
        _ end: Int,
        _ random: inout SeededGenerator
    ) -> StreamOffline {
        StreamOffline(
            broadcasterUserID: channel,
            broadcasterUserLogin: "quietharbor",
            broadcasterUserName: "QuietHarbor",
            streamID: streamID,
            endedAt: Self.moment(end),
            endedAtBasis: Bool.random(using: &random) ? "observed" : "inferred"
        )
    }
}
