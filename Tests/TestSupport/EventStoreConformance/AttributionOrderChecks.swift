import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// The same events in any order, doubled, in batches of any size, by changing writers: always the same rows.
    static let attributionOrders = (1...16).map { seed in
        EventStoreConformance("any order of events gives the rows that the rule says, seed \(seed)") { harness in
            // Four orders of each of four stories.
            var story = SeededGenerator(seed: UInt64(seed / 4))
            let scenario = AttributionScenario(&story)
            var random = SeededGenerator(seed: UInt64(seed))
            try await deliver(scenario, to: harness, &random)
            try await expect(AttributionOracle(scenario), scenario, in: harness)
        }
    }

    private static func deliver(
        _ scenario: AttributionScenario,
        to harness: any EventStoreHarness,
        _ random: inout SeededGenerator
    ) async throws {
        var events = scenario.events
        events += events.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
        events.shuffle(using: &random)
        var writers = [try harness.makeStore(), try harness.makeStore()]
        for writer in writers { _ = try await writer.openPatiently() }
        var producers: [String: (events: ConformanceEvents, base: Offset)] = [:]
        while !events.isEmpty {
            let size = min(events.count, Int.random(in: 1...40, using: &random))
            let batch = Dictionary(grouping: events.prefix(size), by: \.producer)
            events.removeFirst(size)
            // Another writer has the partition now, and knows only what the database knows.
            let writer = writers[Int.random(in: 0..<2, using: &random)]
            for (producer, told) in batch.sorted(by: { $0.key < $1.key }) {
                var (places, base) = producers[producer] ?? (ConformanceEvents(producer: producer), .zero)
                let envelopes = told.map { places.next($0.event, time: $0.time) }
                let parts = places.batch(envelopes, base: base).batch
                guard case .committed = try await writer.commit(parts) else {
                    Issue.record("fenced without a rival")
                    return
                }
                base = envelopes.last?.offset ?? base
                producers[producer] = (places, base)
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                _ = try await writer.settleAttribution(rows: Int.random(in: 1...20, using: &random))
            }
            if Int.random(in: 0..<6, using: &random) == 0 {
                await writers[0].close()
                writers[0] = try harness.makeStore()
                _ = try await writers[0].openPatiently()
            }
        }
        while try await writers[0].settleAttribution(rows: 7).isUnfinished {}
        for writer in writers { await writer.close() }
    }

    private static func expect(
        _ oracle: AttributionOracle,
        _ scenario: AttributionScenario,
        in harness: any EventStoreHarness
    ) async throws {
        for table in AttributedTable.allCases {
            let happenings = scenario.happenings.filter { $0.table == table }
            let rows = try await harness.rows("SELECT raw, stream_id FROM \(table.rawValue)")
            #expect(rows.count == happenings.count, "\(table.rawValue)")
            let streams = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1]) })
            let wrong = happenings.filter { streams[$0.tag] != .some(oracle.stream(of: $0.channel, at: $0.at)) }
            #expect(wrong.isEmpty, "\(table.rawValue): \(wrong.map { "\($0.tag) at \($0.at)" })")
        }
        for (id, stream) in oracle.streams {
            let samples = try await harness.rows(
                "SELECT viewer_count FROM stream_samples WHERE stream_id = '\(id)' ORDER BY observed_at"
            )
            #expect(samples.map { $0[0] } == stream.samples.map { "\($0)" }, "samples of \(id)")
            let changes = try await harness.rows(
                "SELECT title, game_id FROM stream_changes WHERE stream_id = '\(id)' ORDER BY changed_at"
            )
            #expect(changes == stream.changes.map { [$0.title, $0.categoryID] }, "changes of \(id)")
            let row = try await harness.rows(
                """
                SELECT title, viewer_count, peak_viewer_count, viewer_count_sum, viewer_sample_count,
                    CASE WHEN started_at IS NULL THEN 'no start' ELSE 'started' END,
                    CASE WHEN ended_at IS NULL THEN 'no end' ELSE 'ended' END
                FROM streams WHERE stream_id = '\(id)'
                """
            )
            let last = stream.observations.last
            #expect(
                row == [
                    [
                        last?.details.title, last.map { "\($0.viewerCount)" },
                        stream.samples.max().map { "\($0)" }, "\(stream.samples.reduce(0, +))",
                        "\(stream.samples.count)", stream.start == nil ? "no start" : "started",
                        stream.end == nil ? "no end" : "ended",
                    ]
                ],
                "row of \(id)"
            )
        }
        #expect(try await harness.rows("SELECT count(*) FROM attribution_pending") == [["0"]])
    }
}
