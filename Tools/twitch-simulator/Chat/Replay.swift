import Foundation

/// Raw lines of a file, delivered in order into the channel that each names.
struct Replay: Sendable {
    struct Line: Sendable {
        /// With CR LF.
        let bytes: [UInt8]
        let command: String
        /// `nil`: goes to everybody who is logged in.
        let channel: String?
    }

    let lines: [Line]
    /// The `room-id` that the lines of a channel carry, so that ROOMSTATE agrees with them.
    let roomIDs: [String: String]
    var position = 0
    var pacer: Pacer?

    /// Reads a file.
    init(path: String, rate: Double?, now: Int64) throws {
        self.init(bytes: Array(try Data(contentsOf: URL(filePath: path))), rate: rate, now: now)
    }

    init(bytes: [UInt8], rate: Double?, now: Int64) {
        self.lines = bytes.split(separator: 10).map { Self.line(Array($0)) }
        var roomIDs: [String: String] = [:]
        for line in self.lines {
            guard let channel = line.channel, roomIDs[channel] == nil else { continue }
            if let id = Self.roomID(line.bytes) { roomIDs[channel] = id }
        }
        self.roomIDs = roomIDs
        self.pacer = rate.map { Pacer(rate: $0, at: now) }
    }

    var next: Line? { self.position < self.lines.count ? self.lines[self.position] : nil }

    /// Finds command and channel; the bytes stay as they are.
    static func line(_ bytes: [UInt8]) -> Line {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "@") { rest = rest.drop { $0 != 32 }.drop { $0 == 32 } }
        if rest.first == UInt8(ascii: ":") { rest = rest.drop { $0 != 32 }.drop { $0 == 32 } }
        let words = rest.split(separator: 32, maxSplits: 2)
        let command = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        let target = words.count > 1 ? words[1] : []
        let channel = target.first == UInt8(ascii: "#") ? String(decoding: target.dropFirst(), as: UTF8.self) : nil
        let end: [UInt8] = bytes.last == 13 ? [10] : [13, 10]
        return Line(
            bytes: bytes + end,
            command: command.trimmingCharacters(in: .newlines),
            channel: channel?.trimmingCharacters(in: .newlines)
        )
    }

    private static func roomID(_ line: [UInt8]) -> String? {
        guard line.first == UInt8(ascii: "@") else { return nil }
        let tags = line.dropFirst().prefix { $0 != 32 }.split(separator: UInt8(ascii: ";"))
        let key = Array("room-id=".utf8)
        guard let tag = tags.first(where: { $0.starts(with: key) }), tag.count > key.count else { return nil }
        return String(decoding: tag.dropFirst(key.count), as: UTF8.self)
    }
}
