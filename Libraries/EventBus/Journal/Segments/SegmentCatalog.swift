import Protocol

/// The segments of a journal, oldest first, and what lies in each.
struct SegmentCatalog: Sendable {
    struct Segment: Hashable, Sendable {
        var number: Int
        /// Nil where the header cannot be read.
        var header: SegmentHeader?
    }

    /// A segment with the offsets it can hold: those in `(begin, end]` of each partition.
    struct Extent: Hashable, Sendable {
        var number: Int
        var begin: [Offset]
        var end: [Offset]
        /// When the next segment was begun; nil for the newest.
        var sealedAt: Timestamp?

        /// Nothing behind this was ever acknowledged to a publisher from this segment: a failed commit may have left
        /// rows there whose offsets were given out again.
        var limit: Offset { end.max() ?? .zero }
    }

    private(set) var segments: [Segment]

    init(_ segments: [Segment] = []) {
        self.segments = segments
    }

    mutating func append(_ segment: Segment) { segments.append(segment) }

    mutating func remove(_ numbers: some Sequence<Int>) {
        let removed = Set(numbers)
        segments.removeAll { removed.contains($0.number) }
    }

    func contains(_ number: Int) -> Bool { segments.contains { $0.number == number } }

    /// What each segment holds. Where a header is damaged, its neighbours bound what can have been in it.
    func extents(heads: [Offset]) -> [Extent] {
        var extents: [Extent] = []
        var begin = [Offset](repeating: .zero, count: heads.count)
        for segment in segments {
            begin = segment.header?.heads ?? begin
            extents.append(Extent(number: segment.number, begin: begin, end: heads, sealedAt: nil))
        }
        var next: SegmentHeader?
        for index in extents.indices.reversed() {
            if let next {
                extents[index].end = next.heads
                extents[index].sealedAt = next.createdAt
            }
            next = segments[index].header ?? next
        }
        return extents
    }
}
