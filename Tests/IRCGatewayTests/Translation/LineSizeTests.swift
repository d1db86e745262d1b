import Foundation
import Protocol
import Testing
import TwitchIRC

@testable import irc_gateway

@Suite struct LineSizeTests {
    let translator = LineTranslator()
    let now = Timestamp(rawValue: 1_790_000_999_000)

    /// What a consumer reads of a line.
    func envelope(_ line: [UInt8]) throws -> Envelope {
        let content = try #require(try translator.read(line[...], receivedAt: now).content)
        let draft = translator.draft(content, of: line[...], receivedAt: now)
        let frame = EventFrame.encode(
            draft,
            service: "irc-gateway",
            producer: "gw-0123456789abcdef",
            partition: Partition.of(draft.subject),
            offset: Offset(epoch: .max, sequence: .max),
            previous: Offset(epoch: .max, sequence: .max)
        )
        return try EventCodec.decode(frame.drop { $0 != UInt8(ascii: "\n") }.dropFirst())
    }

    /// A PRIVMSG with as much of everything as Twitch can send: 8 KiB of tags, 2 KiB of text.
    static func largest(text: String, emotes: String = "", reply: String = "") -> String {
        var tags =
            "@badge-info=subscriber/14;display-name=Nora;emotes=\(emotes);id=m1;room-id=9;tmi-sent-ts=1790000000123;"
        tags += "user-id=8;reply-parent-msg-id=p;reply-parent-msg-body=" + reply
        tags += String(repeating: "b", count: 8191 - tags.utf8.count)
        return tags + " :nora!nora@nora.tmi.twitch.tv PRIVMSG #quietharbor :" + text
    }

    static let emotes = (0..<500).map { "\($0 * 3)-\($0 * 3 + 1)" }.joined(separator: ",")

    @Test(arguments: [
        largest(text: String(repeating: "x", count: 2048)),
        largest(text: String(repeating: "👋", count: 512)),
        largest(text: String(repeating: "\u{7}", count: 2048)),
        largest(text: String(repeating: "\"\\", count: 1024)),
        largest(text: String(repeating: ":) ", count: 500), emotes: "1:" + emotes),
    ])
    func `nothing that Twitch can send is changed`(line: String) throws {
        let bytes = Array(line.utf8)
        let content = try #require(try translator.read(bytes[...], receivedAt: now).content)
        let envelope = try envelope(bytes)
        #expect(envelope.event == content.event)
        guard case .chatMessage(let message) = envelope.event else {
            Issue.record("\(envelope.event.type)")
            return
        }
        #expect(message.raw == line)
        #expect(message.rawBase64 == nil)
    }

    @Test func `6 KiB of control characters keep all fields and every byte`() throws {
        let bell = { String(repeating: "\u{7}", count: $0) }
        let line = Self.largest(text: bell(2048), reply: bell(4096))
        guard case .chatMessage(let message) = try envelope(Array(line.utf8)).event else {
            Issue.record("not a message")
            return
        }
        #expect(message.messageID == "m1")
        let hasText = message.message.text == bell(2048)
        let hasReply = message.reply?.parentMessageBody.hasPrefix(bell(4096)) == true
        let hasBeginning = message.raw == String(line.prefix(RawLine.shortLength))
        let hasBytes = message.rawBase64 == Data(line.utf8).base64EncodedString()
        #expect(hasText && hasReply && hasBeginning && hasBytes)
    }

    @Test(arguments: ["PRIVMSG", "USERNOTICE", "NOTICE", "CLEARCHAT", "CLEARMSG", "ROOMSTATE", "MYSTERY"])
    func `a line as long as any that is read becomes an event whose bytes are all there`(command: String) throws {
        for byte in [UInt8](1...255) where ![0x0A, 0x0D].contains(byte) {
            guard byte < 4 || byte % 50 == 5 || byte == UInt8(ascii: "\"") else { continue }
            var line = Array(
                "@id=m1;target-msg-id=m2;login=nora;room-id=9;msg-id=resub;tmi-sent-ts=1790000000123;user-id=8 ".utf8
            )
            line += Array(":nora!nora@nora.tmi.twitch.tv \(command) #quietharbor :".utf8)
            line += [UInt8](repeating: byte, count: LineSplitter.maximumLineLength - line.count)
            let raw = try raw(of: try envelope(line).event)
            let isWhole = (raw.base64.flatMap { Data(base64Encoded: $0) } ?? Data(raw.text.utf8)) == Data(line)
            #expect(isWhole, "byte \(byte)")
        }
    }

    @Test func `fields that cannot fit make it an unknown line`() throws {
        let line = Self.largest(text: String(repeating: "\u{1}", count: 20_000))
        guard case .chatNotice(let notice) = try envelope(Array(line.utf8)).event else {
            Issue.record("not a notice")
            return
        }
        #expect(notice.noticeID == "unknown:PRIVMSG")
        #expect(notice.broadcasterUserLogin == "quietharbor")
        let hasBytes = notice.rawBase64 == Data(line.utf8).base64EncodedString()
        #expect(hasBytes)
    }

    @Test func `a command as long as the line is cut`() throws {
        let line = Array((":tmi " + String(repeating: "A", count: 32_700) + " #quietharbor").utf8)
        guard case .chatNotice(let notice) = try envelope(line).event else {
            Issue.record("not a notice")
            return
        }
        #expect(notice.noticeID?.utf8.count == "unknown:".utf8.count + 32)
        let hasBytes = notice.rawBase64 == Data(line).base64EncodedString()
        #expect(hasBytes)
    }

    private func raw(of event: Event) throws -> (text: String, base64: String?) {
        switch event {
        case .chatMessage(let event): (event.raw, event.rawBase64)
        case .chatNotification(let event): (event.raw, event.rawBase64)
        case .chatMessageDelete(let event): (event.raw, event.rawBase64)
        case .chatClear(let event): (event.raw, event.rawBase64)
        case .ban(let event): (event.raw, event.rawBase64)
        case .chatSettingsUpdate(let event): (event.raw, event.rawBase64)
        case .chatNotice(let event): (event.raw, event.rawBase64)
        default: throw EnvelopeError.unknownType(event.type.rawValue)
        }
    }
}
