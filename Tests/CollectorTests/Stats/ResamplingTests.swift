import Testing

@testable import collector

@Suite struct ResamplingTests {
    @Test func `few values stay as they are, many become averages of all of them`() {
        #expect(Resampling.averages([1, 2, 3], into: 5) == [1, 2, 3])
        #expect(Resampling.averages([1, 3, 5, 7], into: 2) == [2, 6])
        #expect(Resampling.averages(Array(1...7), into: 3) == [1.5, 3.5, 6])
        #expect(Resampling.averages([], into: 3).isEmpty)
    }
}
