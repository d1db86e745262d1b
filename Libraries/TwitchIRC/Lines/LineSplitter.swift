/// Cuts WebSocket text frames into IRC lines. A frame holds whole lines only, one or many.
package struct LineSplitter: Sendable {
    /// Longer lines are dropped: three times what Twitch can send (8 KiB of tags, 2 KiB of text), and few enough bytes
    /// for the line to fit into an event whole, whatever is in it.
    package static let maximumLineLength = 32_768

    /// How many lines were dropped for their length since this splitter was made.
    package private(set) var droppedLines = 0

    package init() {}

    /// The frame's lines without their CR LF or bare LF, sharing the frame's storage; empty ones are left out.
    package mutating func lines(in frame: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        let span = frame.span
        var start = 0
        for position in 0...span.count where position == span.count || span[position] == .lineFeed {
            let end = position > start && span[position - 1] == .carriageReturn ? position - 1 : position
            if end - start > Self.maximumLineLength {
                self.droppedLines += 1
            } else if end > start {
                lines.append(frame[start..<end])
            }
            start = position + 1
        }
        return lines
    }
}
