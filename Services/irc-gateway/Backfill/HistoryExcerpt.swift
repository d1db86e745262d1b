import Protocol

/// The part of a history that lies in a hole, and whether anything can be missing in it.
///
/// A history is one row without holes, as far as its service listened. If the last message that was heard before the hole
/// and the first one behind it are both in it, every line between them is there.
struct HistoryExcerpt: Sendable {
    /// Without a landmark the clocks decide, and may differ by this, in milliseconds.
    static let tolerance: Int64 = 10_000

    var lines: ArraySlice<HistoryLine>
    var hasBefore: Bool
    var hasAfter: Bool

    /// - Parameters:
    ///   - history: Oldest first.
    ///   - hole: What it is asked about.
    init(_ history: [HistoryLine], of hole: Hole) {
        let before = hole.before.flatMap { mark in history.lastIndex { $0.messageID == mark.messageID } }
        let after = hole.after.flatMap { mark in
            history[(before.map { $0 + 1 } ?? 0)...].firstIndex { $0.messageID == mark.messageID }
        }
        let earliest = hole.from.rawValue - Self.tolerance
        let latest = hole.through.rawValue + Self.tolerance
        let start =
            before.map { $0 + 1 } ?? history.firstIndex { $0.content.time.rawValue >= earliest } ?? history.count
        let end = after ?? history.lastIndex { $0.content.time.rawValue <= latest }.map { $0 + 1 } ?? 0
        lines = start < end ? history[start..<end] : []
        hasBefore = before != nil
        hasAfter = after != nil
    }

    var isComplete: Bool { hasBefore && hasAfter }
}
