import Testing
import TwitchIRC

@Suite struct RoomMessagesTests {
    private func clearchat(_ line: String) throws -> ClearChat {
        guard case .clearchat(let clear) = try TwitchMessage(message(line)) else { throw UnexpectedKind() }
        return clear
    }

    @Test(arguments: [
        (
            "@ban-duration=600;target-user-id=8 :tmi.twitch.tv CLEARCHAT #b :gull",
            ClearChat.Action.timeout(login: "gull", userID: "8", seconds: 600)
        ),
        ("@target-user-id=8 :tmi.twitch.tv CLEARCHAT #b :gull", .ban(login: "gull", userID: "8")),
        ("@room-id=9 :tmi.twitch.tv CLEARCHAT #b", .clear),
    ])
    func `a CLEARCHAT is a timeout, a ban or a clear`(line: String, action: ClearChat.Action) throws {
        #expect(try self.clearchat(line).action == action)
    }

    @Test func `a CLEARCHAT without a channel, or with half a target, is refused`() throws {
        #expect(throws: TwitchMessageError.self) { try self.clearchat(":!@.tmi.twitch.tv CLEARCHAT gull") }
        #expect(throws: TwitchMessageError.self) { try self.clearchat("@target-user-id=8 CLEARCHAT #b") }
    }

    @Test func `a CLEARMSG names message, author and text`() throws {
        let line = "@login=ola;room-id=;target-msg-id=m;tmi-sent-ts=5 CLEARMSG #b :\u{1}ACTION waves\u{1}"
        guard case .clearmsg(let clear) = try TwitchMessage(message(line)) else { throw UnexpectedKind() }
        #expect(clear.targetMessageID == "m" && clear.login == "ola" && clear.text == "waves" && clear.isAction)
        #expect(clear.roomID.isEmpty && clear.channel == "b" && clear.sentMilliseconds == 5)
    }

    @Test func `a ROOMSTATE tells all modes after JOIN and one later`() throws {
        let full = "@emote-only=0;followers-only=-1;r9k=1;room-id=9;slow=10;subs-only=1 ROOMSTATE #b"
        guard case .roomstate(let state) = try TwitchMessage(message(full)) else { throw UnexpectedKind() }
        #expect(state.isFull && state.emoteOnly == false && state.followersOnlyMinutes == -1)
        #expect(state.uniqueChat == true && state.slowSeconds == 10 && state.subscribersOnly == true)
        guard case .roomstate(let change) = try TwitchMessage(message("@room-id=9;slow=0 ROOMSTATE #b"))
        else { throw UnexpectedKind() }
        #expect(!change.isFull && change.slowSeconds == 0 && change.emoteOnly == nil)
    }

    @Test func `a NOTICE is about a channel or about login`() throws {
        guard case .notice(let banned) = try TwitchMessage(message("@msg-id=msg_banned NOTICE #b :Banned."))
        else { throw UnexpectedKind() }
        #expect(banned.messageID == "msg_banned" && banned.channel == "b" && banned.text == "Banned.")
        guard
            case .notice(let login) = try TwitchMessage(message(":tmi.twitch.tv NOTICE * :Login authentication failed"))
        else { throw UnexpectedKind() }
        #expect(login.channel == nil && login.messageID == nil && login.text == "Login authentication failed")
    }
}
