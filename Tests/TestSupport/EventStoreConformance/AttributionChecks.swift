import EventStore
import Protocol
import Testing

extension EventStoreConformance {
    /// Attribution in the cases that a person would name.
    static let attribution = [
        EventStoreConformance("the first minute belongs to a stream that is seen late, in steps of any size") {
            harness in
            var archive = try await AttributedArchive(harness)
            try await archive.say(-1, 0, 1, 59)
            #expect(try await archive.streams() == [nil, nil, nil, nil])
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 60)
            // Said after the stream was known: right at once.
            try await archive.say(60)
            #expect(try await archive.streams().last == "40000000001")
            var steps = 0
            while try await archive.store.settleAttribution(rows: 1).isUnfinished { steps += 1 }
            #expect(steps > 1, "one step looks at about as many rows as it may")
            #expect(try await archive.streams() == [nil] + Array(repeating: "40000000001", count: 4))
            await archive.store.close()
        },

        EventStoreConformance("what was said after an end that is told later belongs to no stream") { harness in
            var archive = try await AttributedArchive(harness)
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 0)
            try await archive.say(10, 20, 21, 30)
            #expect(try await archive.streams() == Array(repeating: "40000000001", count: 4))
            try await archive.tell(.streamOffline(AttributedArchive.offline(at: 20)), at: 40)
            try await archive.settle()
            #expect(try await archive.streams() == ["40000000001", "40000000001", nil, nil])
            // The same id is seen again: it was not over.
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 50)
            try await archive.settle()
            #expect(try await archive.streams() == Array(repeating: "40000000001", count: 4))
            #expect(try await harness.rows("SELECT ended_at FROM streams") == [[nil]])
            await archive.store.close()
        },

        EventStoreConformance("late messages of an old stream belong to it, and the next stream ends the one before") {
            harness in
            var archive = try await AttributedArchive(harness)
            var next = ConformanceEvents.streamOnline
            next.streamID = "40000000002"
            next.startedAt = AttributedArchive.moment(100)
            try await archive.tell(.streamOnline(next), at: 100)
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 0)
            try await archive.say(50, 99, 100, 150)
            #expect(
                try await archive.streams() == ["40000000001", "40000000001", "40000000002", "40000000002"]
            )
            await archive.store.close()
        },

        EventStoreConformance("work that a killed writer left is done by the next one") { harness in
            var archive = try await AttributedArchive(harness)
            try await archive.say(1, 2, 3)
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 10)
            await archive.store.close()
            archive.store = try harness.makeStore()
            _ = try await archive.store.open()
            try await archive.settle()
            #expect(try await archive.streams() == Array(repeating: "40000000001", count: 3))
            await archive.store.close()
        },

        EventStoreConformance("a channel without an id, and another channel, belong to no stream") { harness in
            var archive = try await AttributedArchive(harness)
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 0)
            try await archive.say(1, broadcaster: "")
            try await archive.say(2, broadcaster: "101")
            try await archive.settle()
            #expect(try await archive.streams() == [nil, nil])
            await archive.store.close()
        },

        EventStoreConformance("a stream's average and peak count each sample once") { harness in
            var archive = try await AttributedArchive(harness)
            try await archive.tell(.streamOnline(ConformanceEvents.streamOnline), at: 0)
            let update = AttributedArchive.update(viewers: 30, at: 60)
            for _ in 0..<3 { try await archive.tell(.streamUpdate(update), at: 60) }
            #expect(
                try await harness.rows(
                    "SELECT viewer_count, peak_viewer_count, CAST(average_viewer_count AS INTEGER) FROM streams"
                ) == [["30", "30", "21"]]
            )
            await archive.store.close()
        },
    ]
}

/// A store and what was told to it; moments are milliseconds after `ConformanceEvents.time`.
private struct AttributedArchive {
    var store: any EventStore
    private let harness: any EventStoreHarness
    private var gateway = ConformanceEvents()
    private var poller = ConformanceEvents(producer: "sp-1")
    private var gatewayBase = Offset.zero
    private var pollerBase = Offset.zero
    private var said = 0

    init(_ harness: any EventStoreHarness) async throws {
        self.harness = harness
        store = try harness.makeStore()
        _ = try await store.open()
    }

    static func moment(_ offset: Int) -> Timestamp {
        Timestamp(rawValue: ConformanceEvents.time.rawValue + Int64(offset))
    }

    static func offline(at moment: Int) -> StreamOffline {
        StreamOffline(
            broadcasterUserID: "100",
            broadcasterUserLogin: "quietharbor",
            broadcasterUserName: "QuietHarbor",
            streamID: "40000000001",
            endedAt: Self.moment(moment),
            endedAtBasis: "observed"
        )
    }

    static func update(viewers: Int, at moment: Int) -> StreamUpdate {
        StreamUpdate(
            broadcasterUserID: "100",
            broadcasterUserLogin: "quietharbor",
            broadcasterUserName: "QuietHarbor",
            streamID: "40000000001",
            title: "Night shift",
            categoryID: "509658",
            categoryName: "Just Chatting",
            language: "en",
            isMature: false,
            viewerCount: viewers,
            observedAt: Self.moment(moment)
        )
    }

    mutating func say(_ moments: Int..., broadcaster: String = "100") async throws {
        let envelopes = moments.map { moment in
            said += 1
            var message = ConformanceEvents.message("\(said)", broadcaster: broadcaster)
            message.sentAt = Self.moment(moment)
            return gateway.next(.chatMessage(message))
        }
        _ = try await store.commit(gateway.batch(envelopes, base: gatewayBase).batch)
        gatewayBase = envelopes.last?.offset ?? gatewayBase
    }

    mutating func tell(_ event: Event, at moment: Int) async throws {
        let envelope = poller.next(event, time: Self.moment(moment))
        _ = try await store.commit(poller.batch([envelope], base: pollerBase).batch)
        pollerBase = envelope.offset
    }

    func settle() async throws {
        while try await store.settleAttribution(rows: 1000).isUnfinished {}
    }

    /// The stream of each message, in the order in which they were said.
    func streams() async throws -> [String?] {
        try await harness.rows("SELECT stream_id FROM chat_messages ORDER BY sent_at").map { $0[0] }
    }
}
