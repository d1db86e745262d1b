import EventStore
import Protocol
import Testing

@Suite struct StreamHistoryPlaceTests {
    private static func details(_ title: String) -> StreamDetails {
        StreamDetails(
            title: title,
            categoryID: "1",
            categoryName: "Chess",
            language: "en",
            isMature: false,
            tags: []
        )
    }

    private static func observation(_ title: String, viewers: Int = 5) -> StreamObservation {
        StreamObservation(
            observedAt: Timestamp(rawValue: 20),
            viewerCount: viewers,
            details: details(title),
            userLogin: "quietharbor",
            userName: "QuietHarbor"
        )
    }

    private static func change(_ at: Int64, _ title: String?) -> StreamHistoryPlace.Change {
        StreamHistoryPlace.Change(at: Timestamp(rawValue: at), details: title.map(details))
    }

    @Test func `the same details again are no change`() throws {
        let place = StreamHistoryPlace(before: Self.details("a"))
        #expect(try #require(place.edits(taking: Self.observation("a"))).changes.isEmpty)
        #expect(try #require(place.edits(taking: Self.observation("b"))).changes == [Self.change(20, "b")])
    }

    @Test func `a late observation splits a run, and what follows keeps its details`() throws {
        let place = StreamHistoryPlace(before: Self.details("a"), next: Timestamp(rawValue: 30))
        let edits = try #require(place.edits(taking: Self.observation("b")))
        #expect(edits.changes == [Self.change(20, "b"), Self.change(30, "a")])
    }

    @Test func `a late observation takes over the change that was recorded behind it`() throws {
        let place = StreamHistoryPlace(
            before: Self.details("a"),
            next: Timestamp(rawValue: 30),
            nextChange: Self.details("b")
        )
        let edits = try #require(place.edits(taking: Self.observation("b")))
        #expect(edits.changes == [Self.change(20, "b"), Self.change(30, nil)])
    }

    @Test func `an observation told twice counts once, and of two claims the same one wins in any order`() throws {
        let place = StreamHistoryPlace(before: Self.details("a"), currentViewers: 5)
        #expect(place.edits(taking: Self.observation("a")) == nil)
        #expect(place.edits(taking: Self.observation("a", viewers: 4)) == nil)
        let edits = try #require(place.edits(taking: Self.observation("a", viewers: 7)))
        var viewers = StreamViewers(peak: 5, sum: 5, samples: 1)
        viewers.take(edits)
        #expect(viewers == StreamViewers(peak: 7, sum: 7, samples: 1))
    }
}
