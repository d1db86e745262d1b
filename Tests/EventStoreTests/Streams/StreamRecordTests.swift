import EventStore
import Protocol
import TestSupport
import Testing

@Suite struct StreamRecordTests {
    private static func at(_ time: Int64) -> Timestamp { Timestamp(rawValue: time) }

    private static func online(_ time: Int64, start: Int64 = 0) -> StreamReport? {
        var event = ConformanceEvents.streamOnline
        event.startedAt = at(start)
        return StreamReport(.streamOnline(event), time: at(time))
    }

    private static func offline(_ end: Int64, known: Int64) -> StreamReport? {
        StreamReport(
            .streamOffline(
                StreamOffline(
                    broadcasterUserID: "100",
                    broadcasterUserLogin: "quietharbor",
                    broadcasterUserName: "QuietHarbor",
                    streamID: "40000000001",
                    endedAt: at(end),
                    endedAtBasis: "observed"
                )
            ),
            time: at(known)
        )
    }

    @Test func `an end holds until the stream is seen after it was concluded`() throws {
        var record = StreamRecord(try #require(Self.online(10)))
        record.merge(try #require(Self.offline(12, known: 20)))
        #expect(record.span?.endedAt == Self.at(12))
        record.merge(try #require(Self.online(15)))
        #expect(record.span?.endedAt == Self.at(12), "seen before the conclusion: the poller knew that")
        record.merge(try #require(Self.online(21)))
        #expect(record.span?.endedAt == nil)
        record.merge(try #require(Self.offline(12, known: 20)))
        #expect(record.span?.endedAt == nil, "the old conclusion, once more")
        record.merge(try #require(Self.offline(25, known: 30)))
        #expect(record.span?.endedAt == Self.at(25))
    }

    @Test func `the earliest start counts, and without one the stream has no place`() throws {
        var record = StreamRecord(try #require(Self.offline(12, known: 20)))
        #expect(record.span == nil)
        record.merge(try #require(Self.online(10, start: 5)))
        record.merge(try #require(Self.online(11, start: 3)))
        #expect(record.span == StreamSpan(streamID: "40000000001", startedAt: Self.at(3), endedAt: Self.at(12)))
    }

    @Test func `a stream that only the predecessor saw has no place`() {
        let record = StreamRecord(
            streamID: "s1",
            userID: "100",
            userLogin: "quietharbor",
            userName: "QuietHarbor",
            startedAt: Self.at(3)
        )
        #expect(record.span == nil)
    }
}
