import FoundationEssentials
import TestSupport
import Testing
import TwitchIRC

/// Every accessor on random and damaged lines. More, or again the same: `FUZZ_COUNT` and `FUZZ_SEED`.
@Suite struct RandomLinesTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = Self.environment["FUZZ_COUNT"].flatMap { Int($0) } ?? 200_000
    private static let seed = Self.environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_261_123

    private static let originals = [
        "@badge-info=subscriber/14;badges=moderator/1,subscriber/12;bits=100;color=#1E90FF;display-name=N\\sV;"
            + "emotes=25:0-4,11-15/1902:6-9;flags=5-8:P.3/S.6;gifs=0-3|a|https://x/?a=b,c;id=1;mod=1;vip=1;"
            + "pinned-chat-paid-amount=1;reply-parent-msg-id=2;reply-parent-msg-body=a\\:b;source-room-id=2;source-id=3;"
            + "room-id=9;tmi-sent-ts=1790000000123;user-id=8 :nora!nora@nora.tmi.twitch.tv PRIVMSG #b :\u{1}ACTION 👋 Kappa\u{1}",
        "@id=3;login=ada;msg-id=subgift;msg-param-goal-contribution-type=SUBS;msg-param-recipient-id=1;room-id=9;"
            + "system-msg=a\\sb;user-id=274598607 :tmi.twitch.tv USERNOTICE #b :x",
        "@id=3;msg-id=resub;msg-param-gift-months=3;msg-param-streak-months=2 :tmi.twitch.tv USERNOTICE #b",
        "@ban-duration=600;room-id=9;target-user-id=8;tmi-sent-ts=1790000100001 :tmi.twitch.tv CLEARCHAT #b :gull",
        "@login=ola;room-id=;target-msg-id=1;tmi-sent-ts=1790000110000 :tmi.twitch.tv CLEARMSG #b :hello",
        "@emote-only=0;followers-only=10;r9k=0;room-id=9;slow=0;subs-only=0 :tmi.twitch.tv ROOMSTATE #b",
        ":me.tmi.twitch.tv 353 me = #b :me ola", ":tmi.twitch.tv CAP * ACK :twitch.tv/tags", "PING :tmi.twitch.tv",
        ":tmi.twitch.tv HOSTTARGET #b :- 0", "@msg-id=x :tmi.twitch.tv NOTICE #b :text",
        "@emotes=25:0-4 :a!a@a WHISPER me :Kappa", "@emote-sets=0,1 :tmi.twitch.tv GLOBALUSERSTATE",
    ].map { Array($0.utf8) }

    /// What breaks readers, more often than chance would bring it.
    private static let special = Array("@:;= \\/,-|#!\r\n\u{0}\u{1}09é👋".utf8)

    @Test func `random bytes never stop the reader`() {
        var generator = SeededGenerator(seed: Self.seed)
        for _ in 0..<Self.count / 2 {
            let length = Int.random(in: 0..<120, using: &generator)
            Self.readAll(
                (0..<length).map { _ in
                    Bool.random(using: &generator)
                        ? UInt8.random(in: 0...255, using: &generator)
                        : Self.special.randomElement(using: &generator) ?? 0
                }
            )
        }
    }

    @Test func `damaged lines never stop the reader`() {
        var generator = SeededGenerator(seed: Self.seed &+ 1)
        for _ in 0..<Self.count / 2 {
            var line = Self.originals.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &generator) where !line.isEmpty {
                let place = Int.random(in: 0..<line.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: line[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: line.insert(Self.special.randomElement(using: &generator) ?? 0, at: place)
                case 2: line.remove(at: place)
                case 3: line.removeSubrange(place..<min(line.count, place + 30))
                default: line.insert(contentsOf: Array("99999999999999999999999999999".utf8), at: place)
                }
            }
            Self.readAll(line)
        }
    }

    private static func readAll(_ bytes: [UInt8]) {
        var splitter = LineSplitter()
        for line in [bytes[...]] + splitter.lines(in: bytes) {
            guard let irc = try? IRCMessage(line) else { continue }
            _ = (irc.raw, irc.prefix, irc.parameters, irc.trailing, irc.channel, irc.rawTags.count, irc.login)
            guard let message = try? TwitchMessage(irc) else { continue }
            switch message {
            case .privmsg(let message):
                let text = message.text
                for emote in message.emotes { _ = emote.code(in: text) }
                _ = (message.flags, message.gifs, message.reply, message.sharedChat, message.hypeChat, message.bits)
                _ = (message.badges, message.badgeInfo, message.sentMilliseconds, message.color)
            case .usernotice(let notice):
                let text = notice.text
                for emote in notice.emotes { _ = emote.code(in: text) }
                _ = (notice.kind, notice.parameters, notice.systemMessage, notice.isAction, notice.sharedChat)
            case .clearchat(let clear): _ = (clear.action, clear.reason)
            case .clearmsg(let clear): _ = (clear.text, clear.login)
            case .roomstate(let state): _ = (state.followersOnlyMinutes, state.slowSeconds, state.isFull)
            case .globaluserstate(let state): _ = state.emoteSets
            case .numeric(let reply): _ = (reply.names, reply.channel, reply.target)
            case .whisper(let whisper): _ = (whisper.emotes, whisper.text)
            default: break
            }
        }
    }
}
