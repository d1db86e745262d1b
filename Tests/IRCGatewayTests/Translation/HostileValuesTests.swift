import Logging
import Protocol
import TestSupport
import Testing

@testable import irc_gateway

/// Every tag and parameter of every kind of line, with what nobody should send: from the wire to the bytes on the bus and
/// back. More, or again the same: `FUZZ_COUNT` and `FUZZ_SEED`.
@Suite struct HostileValuesTests {
    private static let values = [
        "", "0", "-0", "-1", "1", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "18446744073709551616",
        "2147483648", "-2147483649", "1e400", "NaN", "Infinity", "3.5", "0x7f", "٣٤", "null", "true", "\\s", "\\",
        "a\\nb",
        "\u{0}", "\u{1}", "👩‍👩‍👧", "253402300800000", "-62167219200001", "=", ",", "/", ":", "0-9223372036854775807",
        "25:9223372036854775806-9223372036854775807", "25:-1--5,3-1", "a/b/c,,/", String(repeating: "9", count: 4000),
    ]

    private static let tags = [
        "ban-duration", "badge-info", "badges", "bits", "color", "display-name", "emotes", "first-msg", "flags",
        "followers-only", "gifs", "id", "login", "mod", "msg-id", "msg-param-mass-gift-count", "msg-param-viewerCount",
        "msg-param-months", "pinned-chat-paid-amount", "pinned-chat-paid-exponent", "r9k", "reply-parent-msg-id",
        "room-id", "sent-ts", "slow", "source-id", "source-room-id", "subs-only", "system-msg", "target-msg-id",
        "target-user-id", "tmi-sent-ts", "user-id", "vip",
    ]

    private static let commands = [
        "PRIVMSG #alpha :Kappa", "USERNOTICE #alpha :\u{1}ACTION Kappa\u{1}", "USERNOTICE #alpha",
        "CLEARCHAT #alpha :gull",
        "CLEARCHAT #alpha", "CLEARMSG #alpha :x", "ROOMSTATE #alpha", "NOTICE #alpha :x", "NOTICE * :x",
        "HOSTTARGET #alpha :beta 99999999999999999999", "PRIVMSG #alpha", "001 x :Welcome", "PART #alpha", "PING :",
    ]

    private let intake: ChatIntake = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return ChatIntake(metrics: GatewayMetrics(), logger: logger)
    }()

    /// Reads a line, and what is published of it as a follower reads it.
    private func follow(_ line: String) throws {
        let bytes = Array(line.utf8)[...]
        let now = Timestamp(rawValue: 1_790_000_999_000)
        guard let content = intake.read(bytes, receivedAt: now)?.content else { return }
        #expect(Timestamp.chatEra.contains(content.time), "\(line)")
        if let key = content.key { _ = intake.isNew(key, at: .now) }
        let draft = intake.draft(content, of: bytes, receivedAt: now)
        let frame = EventFrame.encode(
            draft,
            service: "irc-gateway",
            producer: "gw-test",
            partition: Partition.of(draft.subject),
            offset: Offset(rawValue: 1),
            previous: .zero
        )
        let envelope = try EventCodec.decode(frame.drop { $0 != UInt8(ascii: "\n") }.dropFirst())
        #expect(envelope.event.type == draft.type, "\(line)")
        switch envelope.event {
        case .ban(let ban):
            #expect((0...Int(Int32.max)).contains(ban.durationSeconds ?? 0), "\(line)")
            #expect(!ban.isPermanent || !line.contains("ban-duration"), "\(line)")
        case .chatMessage(let message): #expect((1...Int(Int32.max)).contains(message.cheer?.bits ?? 1), "\(line)")
        case .chatSettingsUpdate(let settings):
            #expect((0...Int(Int32.max)).contains(settings.slowModeSeconds ?? 0), "\(line)")
            #expect((-1...Int(Int32.max)).contains(settings.followerModeMinutes ?? 0), "\(line)")
        default: break
        }
    }

    @Test(arguments: commands) func `each value in each tag, alone`(command: String) throws {
        for tag in Self.tags {
            for value in Self.values { try follow("@\(tag)=\(value) :ola!ola@ola.tmi.twitch.tv \(command)") }
        }
    }

    @Test func `many of them together`() throws {
        var generator = SeededGenerator(seed: 20_261_129)
        for _ in 0..<20_000 {
            let tags = Self.tags.shuffled(using: &generator).prefix(Int.random(in: 1...20, using: &generator))
                .map { "\($0)=\(Self.values.randomElement(using: &generator) ?? "")" }
            let command = Self.commands.randomElement(using: &generator) ?? ""
            try follow("@\(tags.joined(separator: ";")) :ola!ola@ola.tmi.twitch.tv \(command)")
        }
    }
}
