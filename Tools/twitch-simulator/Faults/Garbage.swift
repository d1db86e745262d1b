import NIOCore
import NIOWebSocket

/// What a server may send that is not chat.
enum Garbage: String, Codable, CaseIterable, Sendable {
    /// A text message of random bytes.
    case randomBytes = "random-bytes"
    /// A PRIVMSG whose text is not UTF-8. Not counted as offered.
    case invalidUTF8 = "invalid-utf8"
    /// A binary message.
    case binary
    /// A line of 100,000 bytes.
    case overlong
    /// A message that ends in the middle of a line.
    case truncatedLine = "truncated-line"
    /// Empty lines, spaces, bare LF, NUL.
    case emptyLines = "empty-lines"
    /// A command nobody knows.
    case unknownCommand = "unknown-command"
    /// A line without a channel where one must be, as Twitch sent in May 2022.
    case brokenClear = "broken-clear"
    /// A continuation frame that continues nothing: a client must close.
    case strayContinuation = "stray-continuation"
    /// A frame whose announced length never arrives, then the end.
    case truncatedFrame = "truncated-frame"

    /// Those that a client must survive without losing the connection.
    static let harmless: [Self] = [
        .randomBytes, .invalidUTF8, .binary, .overlong, .truncatedLine, .emptyLines, .unknownCommand, .brokenClear,
    ]

    func send(to connection: Connection, _ wire: SimulatorSettings.Wire, _ random: inout SeededRandom) {
        switch self {
        case .randomBytes:
            self.send((0..<200).map { _ in UInt8(truncatingIfNeeded: random.next()) }, to: connection, wire)
        case .invalidUTF8:
            let head = ":garbage!garbage@garbage.tmi.twitch.tv PRIVMSG #garbage :"
            self.send(Array(head.utf8) + [0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 13, 10], to: connection, wire)
        case .binary:
            self.send((0..<64).map { UInt8($0) }, to: connection, wire, opcode: .binary)
        case .overlong:
            let head = "@emotes= :garbage!garbage@garbage.tmi.twitch.tv PRIVMSG #garbage :"
            self.send(Array(head.utf8) + Array(repeating: 0x61, count: 100_000) + [13, 10], to: connection, wire)
        case .truncatedLine:
            self.send(Array("@badge-info=;badges=;color=#1E90FF;display-na".utf8), to: connection, wire)
        case .emptyLines:
            self.send(Array("\r\n\n   \r\n\0\r\n:\r\n@\r\n@a=b\r\n: :\r\n".utf8), to: connection, wire)
        case .unknownCommand:
            self.send(Array(":tmi.twitch.tv 999 x :what\r\nFROBNICATE #garbage :now\r\n".utf8), to: connection, wire)
        case .brokenClear:
            self.send(Array(":!@.tmi.twitch.tv CLEARCHAT garbage\r\n".utf8), to: connection, wire)
        case .strayContinuation:
            self.send(Array("PING :stray\r\n".utf8), to: connection, wire, opcode: .continuation)
        case .truncatedFrame:
            self.sendTruncatedFrame(connection)
        }
    }

    private func send(
        _ bytes: [UInt8],
        to connection: Connection,
        _ wire: SimulatorSettings.Wire,
        opcode: WebSocketOpcode = .text
    ) {
        var buffer = connection.channel.allocator.buffer(capacity: bytes.count)
        buffer.writeBytes(bytes)
        connection.send(buffer, wire, opcode: opcode)
    }

    /// Announces a text frame of 4,096 bytes, sends 20, and closes. The bytes pass below the frame encoder.
    private func sendTruncatedFrame(_ connection: Connection) {
        connection.isClosing = true
        var bytes = connection.channel.allocator.buffer(capacity: 24)
        bytes.writeBytes([0x81, 126, 0x10, 0x00])
        bytes.writeString("@badge-info=;badges=")
        connection.channel.flush()
        let channel = connection.channel
        channel.pipeline.context(handlerType: RawWrites.self).assumeIsolated().whenSuccess { context in
            context.writeAndFlush(NIOAny(bytes), promise: nil)
            channel.close(promise: nil)
        }
    }
}

/// A place in the pipeline below the WebSocket encoder, for bytes that no encoder would write.
final class RawWrites: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
}
