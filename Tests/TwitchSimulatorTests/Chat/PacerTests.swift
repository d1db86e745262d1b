import Testing

@testable import twitch_simulator

@Suite struct PacerTests {
    @Test(arguments: [0.1, 1, 7, 333.3, 2000, 100_000])
    func `over a minute exactly the rate is due`(_ rate: Double) {
        var pacer = Pacer(rate: rate, at: 0)
        var total = 0
        for now in stride(from: Int64(0), through: 60_000_000_000, by: 2_000_000) {
            total += pacer.due(at: now, limit: .max)
        }
        #expect(abs(Double(total) - rate * 60) <= 1)
    }

    @Test func `what is more than a second late is given up`() {
        var pacer = Pacer(rate: 100, at: 0)
        #expect(pacer.due(at: 60_000_000_000, limit: .max) == 100)
        #expect(pacer.due(at: 60_000_000_000, limit: .max) == 0)
    }

    @Test func `a limit leaves the rest for the next call`() {
        var pacer = Pacer(rate: 1000, at: 0)
        #expect(pacer.due(at: 500_000_000, limit: 300) == 300)
        #expect(pacer.due(at: 500_000_000, limit: 300) == 200)
    }

    @Test func `no rate, nothing due`() {
        var pacer = Pacer(rate: 0, at: 0)
        #expect(pacer.due(at: 60_000_000_000, limit: .max) == 0)
        #expect(pacer.wait(at: 0) == .max)
    }

    @Test func `chat spreads over the channels, the first is the busiest`() {
        var audience = Audience(channels: ["a", "b", "c"], seed: 1)
        var counts: [String: Int] = [:]
        for _ in 0..<30_000 { counts[audience.next() ?? "", default: 0] += 1 }
        #expect(counts["a", default: 0] > counts["b", default: 0])
        #expect(counts["b", default: 0] > counts["c", default: 0])
        #expect(counts["c", default: 0] > 5000)
    }
}
