import Testing

@testable import TwitchIRC

@Suite struct PrivateMessageTests {
    private static let suffix = ":ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor :"

    @Test func `an ordinary message has all its fields`() throws {
        let message = try privmsg(
            "@badge-info=subscriber/14;badges=moderator/1,subscriber/12;client-nonce=5f;color=#1E90FF;"
                + "display-name=Nora\\sVelt;emotes=25:0-4,8-12;first-msg=1;flags=6-7:P.3/S.6;id=7c1f;mod=1;"
                + "returning-chatter=0;room-id=900;subscriber=1;tmi-sent-ts=1790000000123;turbo=0;user-id=800;"
                + "user-type=mod \(Self.suffix)Kappa 👋 Kappa"
        )
        #expect(message.id == "7c1f" && message.roomID == "900" && message.userID == "800")
        #expect(message.login == "ola" && message.displayName == "Nora Velt" && message.channel == "quietharbor")
        #expect(message.badges == [.init(set: "moderator", version: "1"), .init(set: "subscriber", version: "12")])
        #expect(message.badgeInfo == [.init(set: "subscriber", version: "14")])
        #expect(message.color == "#1E90FF" && message.sentMilliseconds == 1_790_000_000_123)
        #expect(message.isModerator && message.isSubscriber && message.isFirstMessage)
        #expect(!message.isTurbo && !message.isReturningChatter && !message.isVIP && !message.isAction)
        #expect(message.userType == "mod" && message.clientNonce == "5f")
        #expect(message.emotes.map { $0.code(in: message.text) } == ["Kappa", "Kappa"])
        #expect(message.flags == [.init(begin: 6, end: 8, categories: ["P.3", "S.6"])])
        #expect(message.bits == nil && message.reply == nil && message.sharedChat == nil && message.hypeChat == nil)
        #expect(message.messageKind == nil && message.customRewardID == nil && message.gifs.isEmpty)
    }

    @Test(arguments: [
        ("\u{1}ACTION waves\u{1}", "waves", true), ("\u{1}ACTION waves", "waves", true), ("\u{1}ACTION\u{1}", "", true),
        ("\u{1}ACTION \u{1}", "", true), ("\u{1}ACTIONABLE\u{1}", "\u{1}ACTIONABLE\u{1}", false),
        ("ACTION", "ACTION", false),
        ("", "", false),
    ])
    func `the ACTION wrapper is removed`(sent: String, text: String, isAction: Bool) throws {
        let message = try privmsg("\(Self.suffix)\(sent)")
        #expect(message.text == text && message.isAction == isAction)
    }

    @Test func `emote places count scalars behind the ACTION prefix`() throws {
        let message = try privmsg("@emotes=25:9-13/1902:0-4 \(Self.suffix)\u{1}ACTION Keepo 👩‍🚀Kappa\u{1}")
        #expect(message.emotes.map(\.id) == ["1902", "25"])
        #expect(message.emotes.map { $0.code(in: message.text) } == ["Keepo", "Kappa"])
    }

    @Test(arguments: ["x", "25:", "25:5", "25:a-b", "25:-1-2", "25:4-2", ":0-1", "25:0-99999999999999999999", "/,-:"])
    func `unreadable emotes are left out and the message stays`(tag: String) throws {
        let message = try privmsg("@emotes=\(tag) \(Self.suffix)Kappa")
        #expect(message.emotes.isEmpty && message.text == "Kappa")
    }

    @Test func `places outside the text give what is left of it`() throws {
        let emotes = try privmsg("@emotes=25:1-9/26:5-9/27:7-9223372036854775806 \(Self.suffix)Kappa").emotes
        #expect(emotes.map { $0.code(in: "Kappa") } == ["appa", "", ""])
    }

    @Test func `a reply names its parent and its thread`() throws {
        let reply = try privmsg(
            "@reply-parent-display-name=Nora;reply-parent-msg-body=2nd\\sboss?\\:);reply-parent-msg-id=p;"
                + "reply-parent-user-id=1;reply-parent-user-login=nora;reply-thread-parent-msg-id=t;"
                + "reply-thread-parent-user-login=ada \(Self.suffix)@Nora yes"
        ).reply
        #expect(reply?.messageID == "p" && reply?.userID == "1" && reply?.userLogin == "nora")
        #expect(reply?.displayName == "Nora" && reply?.body == "2nd boss?;)")
        #expect(reply?.threadMessageID == "t" && reply?.threadUserLogin == "ada" && reply?.threadUserID == nil)
    }

    @Test func `cheers, rewards, kinds and VIPs are told`() throws {
        let message = try privmsg(
            "@bits=100;vip=1;msg-id=animated-message;animation-id=simmer;custom-reward-id=CELEBRATION;emote-only=1 \(Self.suffix)x"
        )
        #expect(message.bits == 100 && message.isVIP && message.isEmoteOnly)
        #expect(message.messageKind == "animated-message" && message.animationID == "simmer")
        #expect(message.customRewardID == "CELEBRATION")
        #expect(try privmsg("@vip \(Self.suffix)x").isVIP)
        #expect(try !privmsg("@vip=0 \(Self.suffix)x").isVIP)
    }

    @Test func `a GIF keeps the equals signs and commas of its URL`() throws {
        let gifs = try privmsg("@gifs=0-4|a|https://g/a.gif?x=1&y=2,3,6-7|b|https://g/b \(Self.suffix)[GIF] b").gifs
        #expect(
            gifs == [
                .init(begin: 0, end: 5, id: "a", url: "https://g/a.gif?x=1&y=2,3"),
                .init(begin: 6, end: 8, id: "b", url: "https://g/b"),
            ]
        )
    }

    @Test func `a Hype Chat tells its price`() throws {
        let hype = try privmsg(
            "@pinned-chat-paid-amount=1400;pinned-chat-paid-canonical-amount=1400;pinned-chat-paid-currency=NOK;"
                + "pinned-chat-paid-exponent=2;pinned-chat-paid-is-system-message=0;pinned-chat-paid-level=ONE \(Self.suffix)x"
        ).hypeChat
        #expect(hype?.amount == 1_400 && hype?.currency == "NOK" && hype?.exponent == 2 && hype?.level == "ONE")
    }

    @Test func `a shared chat tells origin and copy apart`() throws {
        let mirror = try privmsg(
            "@room-id=1;source-room-id=2;source-id=s;source-badges=vip/1;source-only=0 \(Self.suffix)x"
        )
        #expect(mirror.sharedChat?.isMirror == true && mirror.sharedChat?.messageID == "s")
        #expect(mirror.sharedChat?.badges.first?.set == "vip" && mirror.sharedChat?.isSourceOnly == false)
        #expect(try privmsg("@room-id=1;source-room-id=1;source-id=s \(Self.suffix)x").sharedChat?.isMirror == false)
    }

    @Test(arguments: ["999999999999999999999999999999", "", "1e3", "-", "1.5"])
    func `an unreadable time is none`(time: String) throws {
        #expect(try privmsg("@tmi-sent-ts=\(time) \(Self.suffix)x").sentMilliseconds == nil)
    }

    @Test func `badge values split at the first slash and may be missing`() throws {
        let message = try privmsg(
            "@badge-info=predictions/Day\\s53/53\\sSmug,subscriber/67;badges=odd,,vip/1 \(Self.suffix)x"
        )
        #expect(message.badgeInfo.map(\.version) == ["Day 53/53 Smug", "67"])
        #expect(message.badges == [.init(set: "odd", version: ""), .init(set: "vip", version: "1")])
    }

    @Test(arguments: ["PRIVMSG", "PRIVMSG #quietharbor", ":a!a@a PRIVMSG"])
    func `a message without channel or text is refused as such`(line: String) throws {
        let irc = try message(line)
        #expect(throws: TwitchMessageError.self) { try TwitchMessage(irc) }
    }

    @Test func `a text of one word needs no colon`() throws {
        #expect(try privmsg(":a!a@a PRIVMSG #b word").text == "word")
    }
}
