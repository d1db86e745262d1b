import Testing

@testable import collector

@Suite struct FiguresTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "-1,234")])
    func `groups thousands`(value: Int, text: String) {
        #expect(Figures.count(value) == text)
    }

    @Test(arguments: [(0.0, "0.0"), (9.96, "10.0"), (42.34, "42.3"), (100, "100"), (12_345.6, "12,346")])
    func `rounds rates as a person would`(value: Double, text: String) {
        #expect(Figures.rate(value) == text)
    }

    @Test(arguments: [(512, "512 B"), (1536, "1.5 KiB"), (64 << 20, "64.0 MiB"), (8 << 30, "8.0 GiB")])
    func `names bytes`(value: Int, text: String) {
        #expect(Figures.bytes(value) == text)
    }

    @Test(arguments: [(0.0381, "38 ms"), (2.5, "2.5 s"), (600.0, "10 min")])
    func `names latencies`(value: Double, text: String) {
        #expect(Figures.latency(value) == text)
    }

    @Test func `a sparkline is scaled to its peak and survives silence`() {
        #expect(Figures.sparkline([0, 5, 10], width: 10) == "▁▅█")
        #expect(Figures.sparkline([0, 0], width: 10) == "▁▁")
        #expect(Figures.sparkline([], width: 10) == "")
        #expect(Figures.sparkline([1, 2, 3], width: 2).count == 2)
    }

    @Test func `days stand in front of the clock`() {
        #expect(Figures.elapsed(.seconds(59)) == "00:00:59")
        #expect(Figures.elapsed(.seconds(90_061)) == "1d 01:01:01")
    }

    @Test(arguments: [
        (0, "0 s"), (42, "42 s"), (192, "3 min 12 s"), (3600, "1 h"), (11_564, "3 h 12 min"), (183_600, "2 d 3 h"),
    ])
    func `names durations by their two greatest units`(seconds: Int, text: String) {
        #expect(Figures.duration(seconds) == text)
    }

    @Test(arguments: [(1.0, "100 %"), (0.99999, "99.9 %"), (0.5, "50.0 %"), (0, "0.0 %")])
    func `a share is whole only when nothing is missing`(value: Double, text: String) {
        #expect(Figures.share(value) == text)
    }
}
