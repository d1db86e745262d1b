/// The figures over a stream's viewer samples, kept beside it. Each sample counts once, however often it is reported.
package struct StreamViewers: Hashable, Sendable {
    package var peak: Int?
    package var sum: Int
    package var samples: Int

    package init(peak: Int? = nil, sum: Int = 0, samples: Int = 0) {
        self.peak = peak
        self.sum = sum
        self.samples = samples
    }

    package mutating func take(_ edits: StreamHistoryPlace.Edits) {
        peak = max(peak ?? edits.viewers, edits.viewers)
        sum += edits.viewers - (edits.replacedViewers ?? 0)
        if edits.replacedViewers == nil { samples += 1 }
    }
}
