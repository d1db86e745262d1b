import EventStore
import Protocol

/// What the tables must hold in the end: computed from all reports at once, by definition instead of step by step.
struct AttributionOracle {
    struct Stream {
        var channel: String
        var start: Timestamp?
        var end: Timestamp?
        /// One for each moment.
        var observations: [StreamObservation]

        var samples: [Int] { observations.map(\.viewerCount) }

        var changes: [StreamDetails] {
            observations.map(\.details).reduce(into: []) { changes, details in
                if changes.last != details { changes.append(details) }
            }
        }
    }

    let streams: [String: Stream]

    init(_ scenario: AttributionScenario) {
        streams = Dictionary(grouping: scenario.reports, by: \.streamID).mapValues(Self.stream)
    }

    /// The stream that a moment of a channel belongs to.
    func stream(of channel: String, at time: Timestamp) -> String? {
        let started = streams.filter { $1.channel == channel && !$1.observations.isEmpty }
            .compactMap { id, stream in stream.start.map { (start: $0, id: id, end: stream.end) } }
            .filter { $0.start <= time }
        guard let last = started.max(by: { ($0.start, $0.id) < ($1.start, $1.id) }) else { return nil }
        if let end = last.end, end < time { return nil }
        return last.id
    }

    private static func stream(_ reports: [AttributionScenario.Report]) -> Stream {
        var starts: [Timestamp] = []
        var sightings: [StreamObservation] = []
        var ends: [StreamEnd] = []
        for report in reports {
            switch StreamReport(report.event, time: report.time)?.content {
            case .seen(let observation, let start):
                sightings.append(observation)
                if let start { starts.append(start) }
            case .over(let end): ends.append(end)
            case nil: break
            }
        }
        let lastSeen = sightings.map(\.observedAt).max() ?? .earliest
        let moments = Dictionary(grouping: sightings, by: \.observedAt).compactMap { $1.max() }
        return Stream(
            channel: reports[0].channel,
            start: starts.min(),
            end: ends.filter { $0.knownAt >= lastSeen }.max()?.endedAt,
            observations: moments.sorted()
        )
    }
}
