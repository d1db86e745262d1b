extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let at = UInt8(ascii: "@")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let backslash = UInt8(ascii: "\\")
    static let hash = UInt8(ascii: "#")
}

/// Reads tags, prefix and command off the front of a line, in this order. Exactly one space parts them; runs of
/// spaces are accepted between parameters only.
struct LineCursor {
    private let bytes: ArraySlice<UInt8>
    private let end: Int32
    private var offset: Int32 = 0

    init(_ bytes: ArraySlice<UInt8>) throws(IRCParseError) {
        guard let end = Int32(exactly: bytes.count) else { throw .tooLong }
        self.bytes = bytes
        self.end = end
    }

    /// What has not been read.
    var rest: Range<Int32> { self.offset..<self.end }

    mutating func readTags() throws(IRCParseError) -> TagTable {
        let bytes = self.bytes  // A span of `self.bytes` would borrow all of `self`.
        let span = bytes.span
        var table = TagTable()
        guard self.end > 0, span[0] == .at else { return table }
        var position = 1
        var keyStart = 1
        var keyEnd: Int?
        let count = span.count
        table.entries.reserveCapacity(24)
        while position < count {
            let byte = span[position]
            // Everything that matters here sorts before the letters.
            if byte <= .equals {
                switch byte {
                case .equals where keyEnd == nil: keyEnd = position
                case .semicolon, .space:
                    table.append(key: keyStart..<(keyEnd ?? position), end: position, in: span)
                    keyStart = position + 1
                    keyEnd = nil
                    if byte == .space {
                        self.offset = Int32(truncatingIfNeeded: position + 1)
                        return table
                    }
                case .lineFeed, .carriageReturn: throw .lineBreak
                default: break
                }
            }
            position += 1
        }
        throw .unfinishedTags
    }

    /// Looks through what has not been read; the tags were looked through while reading them.
    func refuseLineBreaks() throws(IRCParseError) {
        let span = self.bytes.span
        for position in Int(self.offset)..<span.count
        where span[position] == .lineFeed || span[position] == .carriageReturn { throw .lineBreak }
    }

    mutating func readPrefix() throws(IRCParseError) -> Range<Int32>? {
        let bytes = self.bytes  // A span of `self.bytes` would borrow all of `self`.
        let span = bytes.span
        guard self.offset < self.end, span[Int(self.offset)] == .colon else { return nil }
        let start = self.offset + 1
        var position = start
        while position < self.end, span[Int(position)] != .space { position += 1 }
        guard position < self.end else { throw .unfinishedPrefix }
        self.offset = position + 1
        return start..<position
    }

    mutating func readCommand() throws(IRCParseError) -> IRCCommand {
        let bytes = self.bytes  // A span of `self.bytes` would borrow all of `self`.
        let span = bytes.span
        let start = self.offset
        var position = start
        while position < self.end, span[Int(position)] != .space { position += 1 }
        self.offset = position
        guard position > start else { throw .noCommand }
        let base = self.bytes.startIndex
        return try IRCCommand(self.bytes[base + Int(start)..<base + Int(position)])
    }
}

/// Walks the parameters behind a command. Runs of spaces count as one, trailing spaces as none; the parameter behind
/// ` :` takes the rest of the line.
struct ParameterCursor {
    private var offset: Int32
    private let end: Int32

    init(_ section: Range<Int32>) {
        self.offset = section.lowerBound
        self.end = section.upperBound
    }

    mutating func next(in span: Span<UInt8>) -> Range<Int32>? {
        while self.offset < self.end, span[Int(self.offset)] == .space { self.offset += 1 }
        guard self.offset < self.end else { return nil }
        if span[Int(self.offset)] == .colon {
            defer { self.offset = self.end }
            return self.offset + 1..<self.end
        }
        let start = self.offset
        while self.offset < self.end, span[Int(self.offset)] != .space { self.offset += 1 }
        return start..<self.offset
    }
}
