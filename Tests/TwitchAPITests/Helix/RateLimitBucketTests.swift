import Testing
import TwitchAPI

@Suite struct RateLimitBucketTests {
    private let now: Int64 = 1_800_000_000_000

    @Test func `nothing is assumed before the first answer`() {
        var bucket = RateLimitBucket()
        for _ in 0..<1000 { #expect(bucket.take(at: now) == nil) }
        #expect(bucket.left == nil)
    }

    @Test func `requests stop before the limit, those under way included, and go on when it is reset`() {
        var bucket = RateLimitBucket()
        #expect(bucket.take(at: now) == nil)
        bucket.note(limit: 800, remaining: 3, resetAt: now + 10_000, at: now)
        bucket.ended()
        #expect(bucket.left == 3)
        for _ in 0..<3 { #expect(bucket.take(at: now) == nil) }
        #expect(bucket.left == 0)
        #expect(bucket.take(at: now + 4000) == .milliseconds(6000))
        #expect(bucket.take(at: now + 10_000) == nil)
    }

    @Test func `an answer that was overtaken does not give points back`() {
        var bucket = RateLimitBucket()
        let reset = now + 30_000
        bucket.note(limit: 800, remaining: 5, resetAt: reset, at: now)
        bucket.note(limit: 800, remaining: 9, resetAt: reset, at: now + 5)
        #expect(bucket.left == 5)
        bucket.note(limit: 800, remaining: 700, resetAt: reset + 30_000, at: now + 31_000)
        #expect(bucket.left == 700)
    }

    @Test func `after 429 nothing is sent until the reset, and at least a second`() {
        var bucket = RateLimitBucket()
        bucket.exhausted(resetAt: now + 7_000, at: now)
        #expect(bucket.take(at: now) == .milliseconds(7000))
        #expect(bucket.take(at: now + 7000) == nil)
        bucket.exhausted(resetAt: now - 100_000, at: now + 8000)
        #expect(bucket.take(at: now + 8000) == .milliseconds(1000))
        bucket.exhausted(resetAt: nil, at: now + 9000)
        #expect(bucket.take(at: now + 9000) == .milliseconds(1000))
    }

    @Test func `a 429 tells anew when the limit is reset`() {
        var bucket = RateLimitBucket()
        bucket.note(limit: 800, remaining: 797, resetAt: now + 60_000, at: now)
        // As the answer's headers come in: the count first, then the refusal.
        bucket.note(limit: 800, remaining: 0, resetAt: now + 21_000, at: now + 20_000)
        bucket.exhausted(resetAt: now + 21_000, at: now + 20_000)
        #expect(bucket.take(at: now + 20_500) == .milliseconds(500))
        #expect(bucket.take(at: now + 21_000) == nil)
        #expect(bucket.left == 799)
    }

    @Test(arguments: [Int64.max, 9_999_999_999_999, -1, Int64.min])
    func `a reset that cannot be is no reason to wait for ever`(reset: Int64) {
        var bucket = RateLimitBucket()
        bucket.note(limit: 800, remaining: 0, resetAt: reset, at: now)
        #expect(bucket.take(at: now + 120_001) == nil)
    }

    @Test(arguments: [Int.min, -1, Int.max])
    func `a count that cannot be is no count`(count: Int) {
        var bucket = RateLimitBucket()
        #expect(bucket.take(at: now) == nil)
        bucket.note(limit: count, remaining: count, resetAt: now + 1000, at: now)
        #expect(bucket.left == nil)
        #expect(bucket.take(at: now) == nil)
    }
}
