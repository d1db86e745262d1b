// IRC lines and Twitch's typed messages: bytes in, values out, no I/O. `LineSplitter` cuts a WebSocket frame into
// lines, `IRCMessage` finds the parts of a line, `TwitchMessage` says what it means. A line's bytes are held once;
// everything else is offsets into them, and a `String` is made only when a value is asked for.

/// One IRC line: its bytes and where its parts are.
package struct IRCMessage: Sendable {
    /// The line as received, without CR LF.
    package let bytes: ArraySlice<UInt8>
    package let command: IRCCommand

    let tags: TagTable
    let prefixRange: Range<Int32>?
    /// From behind the command to the end of the line.
    let parameterSection: Range<Int32>
    let firstParameterRange: Range<Int32>?
    let lastParameterRange: Range<Int32>?

    /// Reads one line, without its CR LF.
    package init(_ bytes: ArraySlice<UInt8>) throws(IRCParseError) {
        self.bytes = bytes
        var cursor = try LineCursor(bytes)
        self.tags = try cursor.readTags()
        try cursor.refuseLineBreaks()
        self.prefixRange = try cursor.readPrefix()
        self.command = try cursor.readCommand()
        self.parameterSection = cursor.rest
        var parameters = ParameterCursor(cursor.rest)
        let span = bytes.span
        self.firstParameterRange = parameters.next(in: span)
        var last = self.firstParameterRange
        while let next = parameters.next(in: span) { last = next }
        self.lastParameterRange = last
    }

    /// Reads one line, without its CR LF.
    package init(_ bytes: [UInt8]) throws(IRCParseError) { try self.init(bytes[...]) }

    /// The line as text; invalid UTF-8 is repaired with U+FFFD.
    package var raw: String { String(decoding: self.bytes, as: UTF8.self) }

    /// What stands between `:` and the command; nil when the line has none.
    package var prefix: IRCPrefix? { self.prefixRange.map { IRCPrefix(self.string($0)) } }

    /// All parameters, the trailing one last and without its colon.
    package var parameters: [String] {
        var cursor = ParameterCursor(self.parameterSection)
        var parameters: [String] = []
        let span = self.bytes.span
        while let range = cursor.next(in: span) { parameters.append(self.string(range)) }
        return parameters
    }

    /// The last parameter, with or without a colon on the wire; nil when there is no parameter.
    package var trailing: String? { self.lastParameterRange.map(self.string) }

    /// The channel's login: the first parameter that begins with `#`, without it.
    package var channel: String? {
        guard let first = self.firstParameterRange else { return nil }
        if self.byte(at: first.lowerBound, before: first.upperBound) == .hash {
            return self.string(first.lowerBound + 1..<first.upperBound)
        }
        guard case .numeric = self.command else { return nil }
        return self.parameters.first { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
    }
}

// MARK: - Tags

extension IRCMessage {
    /// The unescaped value of a tag; empty for `key` and `key=`, nil when the tag is absent. The last of equal keys wins.
    package func tag(_ name: String) -> String? { self.tag(IRCTag(name)) }

    /// Every tag in the order of the line, values unescaped; equal keys are all listed.
    package var rawTags: [(key: String, value: String)] {
        self.tags.entries.map { (self.string($0.key), TagValue.unescape(self.slice($0.value))) }
    }

    func tag(_ tag: IRCTag) -> String? {
        self.range(of: tag).map { TagValue.unescape(self.slice($0)) }
    }

    /// The value, or the empty string.
    func text(_ tag: IRCTag) -> String { self.tag(tag) ?? "" }

    /// The value, nil when absent or empty.
    func nonEmpty(_ tag: IRCTag) -> String? {
        guard let range = self.range(of: tag), !range.isEmpty else { return nil }
        return TagValue.unescape(self.slice(range))
    }

    /// The value as it stands on the wire; empty when absent.
    func rawValue(_ tag: IRCTag) -> ArraySlice<UInt8> {
        self.range(of: tag).map(self.slice) ?? []
    }

    /// nil when absent, not a number, or too large.
    func integer(_ tag: IRCTag) -> Int? {
        guard let range = self.range(of: tag) else { return nil }
        return DecimalNumber.read(self.slice(range))
    }

    /// nil when absent, not a number, or not in these bounds: a count that nobody can mean is unknown.
    func integer(_ tag: IRCTag, in bounds: ClosedRange<Int>) -> Int? {
        self.integer(tag).flatMap { bounds.contains($0) ? $0 : nil }
    }

    /// `1` and `true` are true, `0` and `false` false, anything else nil.
    func flag(_ tag: IRCTag) -> Bool? {
        guard let range = self.range(of: tag) else { return nil }
        return TagValue.flag(self.slice(range))
    }

    func range(of tag: IRCTag) -> Range<Int32>? { self.tags.value(of: tag, in: self.bytes.span) }
}

// MARK: - Bytes

extension IRCMessage {
    func slice(_ range: Range<Int32>) -> ArraySlice<UInt8> {
        let base = self.bytes.startIndex
        return self.bytes[base + Int(range.lowerBound)..<base + Int(range.upperBound)]
    }

    func string(_ range: Range<Int32>) -> String { String(decoding: self.slice(range), as: UTF8.self) }

    func byte(at offset: Int32, before end: Int32) -> UInt8? {
        offset < end ? self.bytes[self.bytes.startIndex + Int(offset)] : nil
    }
}
