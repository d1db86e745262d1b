import Testing

@testable import twitch_simulator

@Suite struct PointsBucketTests {
    @Test func `every point comes back a minute after the first was taken`() {
        var bucket = PointsBucket(limit: 2)
        let taken = [1000, 31_000, 60_999].map { bucket.take(at: $0) }
        #expect(taken == [true, true, false])
        #expect(bucket.remaining == 0 && bucket.wait(at: 60_999) == 1)
        let isTaken = bucket.take(at: 61_000)
        #expect(isTaken && bucket.remaining == 1 && bucket.wait(at: 61_000) == 60_000)
    }
}
