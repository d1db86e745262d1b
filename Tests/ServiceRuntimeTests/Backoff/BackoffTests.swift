import Testing

@testable import ServiceRuntime

struct BackoffTests {
    /// Always the largest number: the wait is the bound itself.
    private struct Largest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private struct Smallest: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }

    @Test func `the bound doubles up to the cap and starts again after a reset`() {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(10))
        let bounds = (0..<6).map { _ in
            defer { _ = backoff.next() }
            return backoff.bound
        }
        #expect(bounds == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
        backoff.reset()
        #expect(backoff.bound == .seconds(1))
    }

    @Test func `waits lie anywhere between nothing and the bound`() {
        var largest = Largest()
        var smallest = Smallest()
        var backoff = Backoff(base: .seconds(4), cap: .seconds(60))
        #expect(backoff.next(using: &smallest) == .zero)
        let wait = backoff.next(using: &largest)
        #expect(wait > .seconds(7.9) && wait <= .seconds(8))
    }

    @Test func `thousands of failures do not overflow`() {
        var backoff = Backoff(base: .seconds(1), cap: .seconds(60))
        for _ in 0..<10_000 { #expect(backoff.next() <= .seconds(60)) }
    }
}
