import Foundation

/// Which channels chat is generated for, and how it spreads over them: Zipf, the first is the busiest.
struct Audience {
    let channels: [String]
    private let bounds: [Double]
    private var random: SeededRandom

    init(channels: [String], seed: UInt64) {
        self.channels = channels
        self.random = SeededRandom(seed: seed)
        var sum = 0.0
        self.bounds = channels.indices.map { rank in
            sum += 1 / pow(Double(rank + 1), 0.9)
            return sum
        }
    }

    /// The channel of the next line.
    mutating func next() -> String? {
        guard let total = self.bounds.last else { return nil }
        let point = Double(self.random.next() >> 11) / Double(1 << 53) * total
        var low = 0
        var high = self.bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if self.bounds[middle] > point { high = middle } else { low = middle + 1 }
        }
        return self.channels[low]
    }

    /// A random number for choices that Zipf does not make.
    mutating func number() -> UInt64 { self.random.next() }
}
