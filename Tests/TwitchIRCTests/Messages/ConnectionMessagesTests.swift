import Testing
import TwitchIRC

@Suite struct ConnectionMessagesTests {
    @Test func `a login session reads line by line`() throws {
        guard
            case .cap(let ack) = try TwitchMessage(
                message(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands")
            )
        else { throw UnexpectedKind() }
        #expect(ack.outcome == .acknowledged && ack.capabilities == ["twitch.tv/tags", "twitch.tv/commands"])
        guard case .cap(let nak) = try TwitchMessage(message("CAP * NAK :foo")) else { throw UnexpectedKind() }
        #expect(nak.outcome == .refused && nak.capabilities == ["foo"])
        guard case .numeric(let welcome) = try TwitchMessage(message(":tmi.twitch.tv 001 me :Welcome, GLHF!"))
        else { throw UnexpectedKind() }
        #expect(welcome.code == 1 && welcome.target == "me" && welcome.text == "Welcome, GLHF!")
        guard case .numeric(let names) = try TwitchMessage(message(":me.tmi.twitch.tv 353 me = #b :me ola"))
        else { throw UnexpectedKind() }
        #expect(names.names == ["me", "ola"] && names.channel == "b")
    }

    @Test func `a PING carries the text that its PONG repeats`() throws {
        guard case .ping(let ping) = try TwitchMessage(message("PING :tmi.twitch.tv")) else { throw UnexpectedKind() }
        #expect(ping.text == "tmi.twitch.tv")
        guard case .pong(let pong) = try TwitchMessage(message(":tmi.twitch.tv PONG tmi.twitch.tv :abc"))
        else { throw UnexpectedKind() }
        #expect(pong.text == "abc")
    }

    @Test func `joins, parts and RECONNECT are told`() throws {
        guard case .join(let join) = try TwitchMessage(message(":ola!ola@ola.tmi.twitch.tv JOIN #b"))
        else { throw UnexpectedKind() }
        #expect(join.channel == "b" && join.login == "ola")
        guard case .part(let part) = try TwitchMessage(message(":ola!ola@ola.tmi.twitch.tv PART b"))
        else { throw UnexpectedKind() }
        #expect(part.channel == "b")
        guard case .reconnect = try TwitchMessage(message(":tmi.twitch.tv RECONNECT")) else { throw UnexpectedKind() }
    }

    @Test func `one's own state has badges and emote sets`() throws {
        let line = "@badges=moderator/1;color=;display-name=log;emote-sets=0,75c0-01;id=m;mod=1 USERSTATE #b"
        guard case .userstate(let state) = try TwitchMessage(message(line)) else { throw UnexpectedKind() }
        #expect(state.emoteSets == ["0", "75c0-01"] && state.isModerator && state.id == "m" && state.color == nil)
        guard case .globaluserstate(let global) = try TwitchMessage(message("@emote-sets=0;user-id=7 GLOBALUSERSTATE"))
        else { throw UnexpectedKind() }
        #expect(global.emoteSets == ["0"] && global.userID == "7")
    }

    @Test func `whispers and hosts of old logs still read`() throws {
        guard
            case .whisper(let whisper) = try TwitchMessage(
                message("@emotes=25:6-10;thread-id=1_2 :a!a@a WHISPER me :hello Kappa")
            )
        else { throw UnexpectedKind() }
        #expect(whisper.recipientLogin == "me" && whisper.login == "a" && whisper.threadID == "1_2")
        #expect(whisper.emotes.first?.code(in: whisper.text) == "Kappa")
        guard case .hosttarget(let host) = try TwitchMessage(message("HOSTTARGET #b :loud 25")) else {
            throw UnexpectedKind()
        }
        #expect(host.target == "loud" && host.viewers == 25)
        guard case .hosttarget(let stop) = try TwitchMessage(message("HOSTTARGET #b :- 0")) else {
            throw UnexpectedKind()
        }
        #expect(stop.target == nil && stop.viewers == 0)
    }

    @Test func `an unknown command survives`() throws {
        guard case .other(let other) = try TwitchMessage(message(":x MODE #b +o ola")) else { throw UnexpectedKind() }
        #expect(other.parameters == ["#b", "+o", "ola"])
    }
}
