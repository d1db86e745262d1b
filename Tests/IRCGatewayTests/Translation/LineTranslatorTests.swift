import Foundation
import Protocol
import Testing
import TwitchChat

@testable import irc_gateway

@Suite struct LineTranslatorTests {
    let translator = LineTranslator()
    let now = Timestamp(rawValue: 1_790_000_999_000)

    func read(_ line: String) throws -> ReadLine {
        try translator.read(Array(line.utf8)[...], receivedAt: now)
    }

    func event(_ line: String) throws -> Event { try #require(try read(line).content).event }

    @Test func `PRIVMSG becomes a chat message with everything that Twitch tells`() throws {
        let line =
            "@badge-info=subscriber/14;badges=moderator/1,subscriber/12;bits=100;color=#1E90FF;display-name=Nora_Velt;"
            + "emotes=25:0-4,11-15;first-msg=1;flags=;id=7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f11;mod=1;"
            + "msg-id=highlighted-message;reply-parent-display-name=Ola;reply-parent-msg-body=is\\sthis\\sit?\\:);"
            + "reply-parent-msg-id=p1;reply-parent-user-id=3;reply-parent-user-login=ola;"
            + "reply-thread-parent-msg-id=t1;reply-thread-parent-user-login=ola;returning-chatter=1;room-id=900100200;"
            + "source-badge-info=;source-badges=moderator/1;source-id=s1;source-only=0;source-room-id=900100299;"
            + "subscriber=1;tmi-sent-ts=1790000000123;user-id=800300111;user-type=mod;vip=1;new-tag=kept "
            + ":nora_velt!nora_velt@nora_velt.tmi.twitch.tv PRIVMSG #quietharbor :\u{1}ACTION Kappa 👋 gg Kappa\u{1}"
        let expected = ChatMessage(
            messageID: "7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f11",
            broadcasterUserID: "900100200",
            broadcasterUserLogin: "quietharbor",
            chatterUserID: "800300111",
            chatterUserLogin: "nora_velt",
            chatterUserName: "Nora_Velt",
            message: MessageText(
                text: "Kappa 👋 gg Kappa",
                emotes: [EmoteRange(id: "25", begin: 0, end: 5), EmoteRange(id: "25", begin: 11, end: 16)]
            ),
            messageType: "channel_points_highlighted",
            isAction: true,
            color: "#1E90FF",
            badges: [Badge(setID: "moderator", id: "1", info: ""), Badge(setID: "subscriber", id: "12", info: "14")],
            cheer: Cheer(bits: 100),
            reply: Reply(
                parentMessageID: "p1",
                parentUserID: "3",
                parentUserLogin: "ola",
                parentUserName: "Ola",
                parentMessageBody: "is this it?;)",
                threadMessageID: "t1",
                threadUserLogin: "ola"
            ),
            source: SharedChatSource(
                broadcasterUserID: "900100299",
                messageID: "s1",
                badges: [Badge(setID: "moderator", id: "1", info: "")],
                isOnly: false
            ),
            isSubscriber: true,
            isModerator: true,
            isVIP: true,
            isFirstMessage: true,
            isReturningChatter: true,
            sentAt: Timestamp(rawValue: 1_790_000_000_123),
            receivedAt: now,
            raw: line
        )
        let content = try #require(try read(line).content)
        #expect(content.event == .chatMessage(expected))
        #expect(content.login == "quietharbor" && content.time.rawValue == 1_790_000_000_123)
        #expect(
            content.key == IdentityKey.of(.message(id: "7c1f0a52-3f5e-4b7e-9d55-0a6e5c2b9f11", room: "900100200"))
        )
    }

    @Test func `USERNOTICE keeps its kind and all parameters`() throws {
        let line =
            "@badge-info=subscriber/6;badges=subscriber/6;color=#0000FF;display-name=Gutrinna;emotes=25:0-4;flags=;"
            + "id=30000000-0000-4000-8000-000000000002;login=gutrinna;mod=0;msg-id=brandnewkind;"
            + "msg-param-sub-plan-name=Harbor\\screw;msg-param-months=;room-id=900100200;subscriber=1;"
            + "system-msg=Gutrinna\\ssubscribed!;tmi-sent-ts=1790000200002;user-id=800300121;user-type=;vip=0 "
            + ":tmi.twitch.tv USERNOTICE #quietharbor :Kappa half a year"
        let expected = ChatNotification(
            messageID: "30000000-0000-4000-8000-000000000002",
            broadcasterUserID: "900100200",
            broadcasterUserLogin: "quietharbor",
            chatterUserID: "800300121",
            chatterUserLogin: "gutrinna",
            chatterUserName: "Gutrinna",
            noticeType: "brandnewkind",
            systemMessage: "Gutrinna subscribed!",
            message: MessageText(text: "Kappa half a year", emotes: [EmoteRange(id: "25", begin: 0, end: 5)]),
            isAction: false,
            color: "#0000FF",
            badges: [Badge(setID: "subscriber", id: "6", info: "6")],
            parameters: ["sub-plan-name": "Harbor crew", "months": ""],
            isSubscriber: true,
            isModerator: false,
            isVIP: false,
            sentAt: Timestamp(rawValue: 1_790_000_200_002),
            receivedAt: now,
            raw: line
        )
        #expect(try event(line) == .chatNotification(expected))
    }

    @Test func `CLEARCHAT has three meanings`() throws {
        let timeout =
            "@ban-duration=600;room-id=9;target-user-id=8;tmi-sent-ts=1790000100001 :tmi.twitch.tv CLEARCHAT #harbor :gull"
        let ban = Ban(
            broadcasterUserID: "9",
            broadcasterUserLogin: "harbor",
            userID: "8",
            userLogin: "gull",
            isPermanent: false,
            durationSeconds: 600,
            bannedAt: Timestamp(rawValue: 1_790_000_100_001),
            endsAt: Timestamp(rawValue: 1_790_000_700_001),
            receivedAt: now,
            raw: timeout
        )
        #expect(try event(timeout) == .ban(ban))
        guard
            case .ban(let permanent) = try event(
                "@room-id=9;target-user-id=8;tmi-sent-ts=1790000000005 :x CLEARCHAT #harbor :gull"
            )
        else { return #expect(Bool(false), "a ban") }
        #expect(permanent.isPermanent && permanent.endsAt == nil && permanent.durationSeconds == nil)
        let clear = "@room-id=9;tmi-sent-ts=1790000101000 :tmi.twitch.tv CLEARCHAT #harbor"
        #expect(
            try event(clear)
                == .chatClear(
                    ChatClear(
                        broadcasterUserID: "9",
                        broadcasterUserLogin: "harbor",
                        clearedAt: Timestamp(rawValue: 1_790_000_101_000),
                        receivedAt: now,
                        raw: clear
                    )
                )
        )
    }

    @Test func `an absurd timeout overflows nothing`() throws {
        let line = "@ban-duration=9223372036854775807;tmi-sent-ts=9223372036854775807 :x CLEARCHAT #harbor :gull"
        guard case .ban(let ban) = try event(line) else { return #expect(Bool(false), "a ban") }
        #expect(ban.endsAt == nil)
    }

    @Test(arguments: ["3.5", "-1", "", "ten", "1e3", "0x10", "99999999999", "9223372036854775808", "٣", "\\s5", "+5"])
    func `a ban with a length that cannot be read is a timeout of unknown length`(length: String) throws {
        let line = "@ban-duration=\(length);room-id=9;target-user-id=8 :tmi.twitch.tv CLEARCHAT #harbor :gull"
        guard case .ban(let ban) = try event(line) else { return #expect(Bool(false), "a ban") }
        #expect(!ban.isPermanent && ban.durationSeconds == nil && ban.endsAt == nil && ban.raw == line)
    }

    @Test func `a timeout of no length is one`() throws {
        guard case .ban(let ban) = try event("@ban-duration=0;tmi-sent-ts=1790000000000 :x CLEARCHAT #harbor :gull")
        else { return #expect(Bool(false), "a ban") }
        #expect(!ban.isPermanent && ban.durationSeconds == 0 && ban.endsAt == ban.bannedAt)
    }

    @Test(arguments: [
        ":ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor", ":ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor ",
        ":ola!ola@ola.tmi.twitch.tv PRIVMSG #quietharbor :",
    ])
    func `a PRIVMSG without text is a message without text`(line: String) throws {
        guard case .chatMessage(let message) = try event("@id=\(Chat.uuid(1));room-id=9;user-id=7 " + line) else {
            return #expect(Bool(false), "a message")
        }
        #expect(message.message.text.isEmpty && message.messageID == Chat.uuid(1) && message.chatterUserID == "7")
    }

    @Test func `a NOTICE without text keeps its meaning, and no name becomes a text`() throws {
        let notice = try read("@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #pier")
        #expect(notice.control == .notice(login: "pier", id: "msg_channel_suspended"))
        for line in ["@msg-id=x :x NOTICE #pier", ":x SOMETHING #pier", "@a=1 :x CLEARMSG #pier", ":x PRIVMSG #pier"] {
            switch try event(line) {
            case .chatNotice(let notice): #expect(notice.message.isEmpty, "\(line)")
            case .chatMessage(let message): #expect(message.message.text.isEmpty, "\(line)")
            default: #expect(Bool(false), "\(line)")
            }
        }
    }

    @Test(arguments: [
        // As Twitch sends it: counted from behind the first byte of the wrapper.
        ("25:7-11,23-27/499:29-30", "Kappa TEST TEST Kappa :)", [0, 16, 22]),
        // As PRIVMSG has it.
        ("25:0-4,16-20", "Kappa TEST TEST Kappa :)", [0, 16]), ("25:12-16", "hello there Kappa", [12]),
        ("", "hello", []),
    ])
    func `a USERNOTICE with ACTION loses the wrapper and its emotes stay where they are`(
        emotes: String,
        text: String,
        begins: [Int]
    ) throws {
        let line =
            "@emotes=\(emotes);id=1;login=ada;msg-id=resub;room-id=9 :tmi.twitch.tv USERNOTICE #harbor "
            + ":\u{1}ACTION \(text)\u{1}"
        guard case .chatNotification(let notice) = try event(line) else { return #expect(Bool(false)) }
        #expect(notice.isAction && notice.message.text == text && notice.raw == line)
        #expect(notice.message.emotes.map(\.begin) == begins)
    }

    @Test(arguments: ["0", "-1", "5", "9223372036854775807", "-9223372036854775808", "99999999999999", "x"])
    func `a time that cannot be is unknown`(time: String) throws {
        let content = try #require(try read("@id=1;tmi-sent-ts=\(time) :a!a@a PRIVMSG #alpha :x").content)
        guard case .chatMessage(let message) = content.event else { return #expect(Bool(false)) }
        #expect(message.sentAt == now && content.time == now)
        let ban = try #require(try read("@target-user-id=8;tmi-sent-ts=\(time) :x CLEARCHAT #harbor :gull").content)
        #expect(ban.time == now && ban.key == nil)
    }

    @Test(arguments: ["0", "-5", "9223372036854775807", "99999999999999999999", "1e2", ""])
    func `bits that are no count of bits are none`(bits: String) throws {
        guard case .chatMessage(let message) = try event("@bits=\(bits);id=1 :a!a@a PRIVMSG #alpha :x") else {
            return #expect(Bool(false))
        }
        #expect(message.cheer == nil)
    }

    @Test(arguments: ["-2", "99999999999999999999", "9223372036854775807", "x", ""])
    func `room settings that cannot be are not told`(value: String) throws {
        let line = "@followers-only=\(value);room-id=9;slow=\(value);subs-only=0 :x ROOMSTATE #alpha"
        let read = try read(line)
        guard case .chatSettingsUpdate(let settings) = read.content?.event else { return #expect(Bool(false)) }
        #expect(settings.slowModeSeconds == nil && settings.followerModeMinutes == nil)
        #expect(read.control == .roomState(login: "alpha", isFull: true, roomID: "9"))
    }

    @Test func `CLEARMSG learns the room and the author from what came before`() throws {
        let deletion =
            "@login=ola;room-id=;target-msg-id=\(Chat.uuid(7));tmi-sent-ts=1790000110000 :tmi.twitch.tv CLEARMSG #alpha "
            + ":\u{1}ACTION waves\u{1}"
        guard case .chatMessageDelete(let unknown) = try event(deletion) else { return #expect(Bool(false)) }
        #expect(unknown.broadcasterUserID == "" && unknown.targetUserID == nil)
        _ = try read("@room-id=900100200;slow=10 :tmi.twitch.tv ROOMSTATE #alpha")
        _ = try read(Chat.message(7, in: "alpha"))
        let expected = ChatMessageDelete(
            broadcasterUserID: "900100200",
            broadcasterUserLogin: "alpha",
            targetUserLogin: "ola",
            targetUserID: "800300114",
            messageID: Chat.uuid(7),
            text: "waves",
            isAction: true,
            deletedAt: Timestamp(rawValue: 1_790_000_110_000),
            receivedAt: now,
            raw: deletion
        )
        #expect(try event(deletion) == .chatMessageDelete(expected))
    }

    @Test func `ROOMSTATE in full confirms a JOIN, in part it only tells what changed`() throws {
        let full =
            "@emote-only=0;followers-only=10;r9k=1;room-id=900;slow=5;subs-only=0 :tmi.twitch.tv ROOMSTATE #alpha"
        let line = try read(full)
        #expect(line.control == .roomState(login: "alpha", isFull: true, roomID: "900"))
        let settings = ChatSettingsUpdate(
            broadcasterUserID: "900",
            broadcasterUserLogin: "alpha",
            emoteMode: false,
            followerModeMinutes: 10,
            uniqueChatMode: true,
            slowModeSeconds: 5,
            subscriberMode: false,
            receivedAt: now,
            raw: full
        )
        #expect(line.content?.event == .chatSettingsUpdate(settings) && line.content?.key == nil)
        let part = try read("@slow=10 :tmi.twitch.tv ROOMSTATE #alpha")
        #expect(part.control == .roomState(login: "alpha", isFull: false, roomID: "900"))
    }

    @Test func `NOTICE to a channel is an event, to everybody it concerns the login`() throws {
        let line = "@msg-id=msg_channel_suspended :tmi.twitch.tv NOTICE #pier :This channel does not exist."
        let notice = try read(line)
        #expect(notice.control == .notice(login: "pier", id: "msg_channel_suspended"))
        #expect(
            notice.content?.event
                == .chatNotice(
                    ChatNotice(
                        broadcasterUserID: "",
                        broadcasterUserLogin: "pier",
                        noticeID: "msg_channel_suspended",
                        message: "This channel does not exist.",
                        receivedAt: now,
                        raw: line
                    )
                )
        )
        let login = try read(":tmi.twitch.tv NOTICE * :Login authentication failed")
        #expect(login.control == .session(.loginNotice("Login authentication failed")) && login.content == nil)
    }

    @Test(arguments: [
        ("PING :tmi.twitch.tv", IRCSession.Line.ping("tmi.twitch.tv")),
        (":tmi.twitch.tv PONG tmi.twitch.tv :collector", .pong("collector")), (":tmi.twitch.tv RECONNECT", .reconnect),
        (":tmi.twitch.tv 001 justinfan1 :Welcome, GLHF!", .welcome),
        (":tmi.twitch.tv CAP * NAK :twitch.tv/tags", .capabilityRefused("twitch.tv/tags")),
    ])
    func `lines about the connection are no events`(line: String, meaning: IRCSession.Line) throws {
        let read = try read(line)
        #expect(read.control == .session(meaning) && read.content == nil)
    }

    @Test(arguments: [
        ":tmi.twitch.tv 353 me = #alpha :me", ":me!me@me.tmi.twitch.tv JOIN #alpha",
        "@mod=0 :tmi.twitch.tv USERSTATE #alpha", ":tmi.twitch.tv CAP * ACK :twitch.tv/tags", ":x FUTURE thing",
    ])
    func `lines that say nothing about a channel's chat are passed over`(line: String) throws {
        let read = try read(line)
        #expect(read.control == nil && read.content == nil)
    }

    @Test(arguments: [
        (":tmi.twitch.tv HOSTTARGET #alpha :beta 25", "HOSTTARGET", "beta 25"),
        ("@new=1 :tmi.twitch.tv SOMETHING #alpha :new", "SOMETHING", "new"),
        ("@id=1 :tmi.twitch.tv CLEARMSG #alpha :no target", "CLEARMSG", "no target"),
    ])
    func `what is not understood survives as a notice with its line`(line: String, command: String, text: String) throws
    {
        let expected = ChatNotice(
            broadcasterUserID: "",
            broadcasterUserLogin: "alpha",
            noticeID: "unknown:\(command)",
            message: text,
            receivedAt: now,
            raw: line
        )
        #expect(try event(line) == .chatNotice(expected))
    }

    @Test(arguments: ["", "@a=b", ":x", "@x 9z9 #a", ":!@.tmi.twitch.tv CLEARCHAT alpha", ":x PRIVMSG #a.b :text"])
    func `what cannot be read is told as such`(line: String) {
        #expect(throws: LineTranslator.Failure.self) { try read(line) }
    }

    @Test func `bytes that are no UTF-8 are kept beside the repaired line`() throws {
        let bytes = Array("@id=1;tmi-sent-ts=5 :a!a@a PRIVMSG #alpha :x".utf8) + [0xFF, 0x00, 0x79]
        let content = try #require(try translator.read(bytes[...], receivedAt: now).content)
        guard case .chatMessage(let message) = content.event else { return #expect(Bool(false)) }
        #expect(message.raw.hasSuffix(":x\u{FFFD}\0y"))
        #expect(message.rawBase64.flatMap { Data(base64Encoded: $0) } == Data(bytes))
        #expect(message.message.text == "x\u{FFFD}\0y")
    }

    @Test func `without Twitch's time ours counts`() throws {
        let content = try #require(try read(":a!a@a PRIVMSG #Alpha :x").content)
        #expect(content.time == now && content.login == "alpha" && content.key == nil)
    }

    @Test func `unreadable lines are shown in printable ASCII and cut`() {
        #expect(Complaints.escaped([0x41, 0x0A, 0xFF, 0x5C, 0x20]) == "A\\x0A\\xFF\\x5C ")
        #expect(Complaints.escaped(ArraySlice([UInt8](repeating: 0x41, count: 300))).count == 201)
    }
}
