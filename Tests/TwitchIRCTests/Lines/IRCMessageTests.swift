import Testing
import TwitchIRC

@Suite struct IRCMessageTests {
    @Test func `a full line falls into tags, prefix, command, parameters and trailing`() throws {
        let line = try message("@id=1;a=b=c :ola!ola2@ola.tmi.twitch.tv PRIVMSG #quietharbor :hi : there ")
        #expect(line.tag("id") == "1")
        #expect(line.tag("a") == "b=c")
        #expect(line.tag("b") == nil)
        #expect(line.prefix?.nick == "ola")
        #expect(line.prefix?.user == "ola2")
        #expect(line.prefix?.host == "ola.tmi.twitch.tv")
        #expect(line.login == "ola")
        #expect(line.command == .privmsg)
        #expect(line.parameters == ["#quietharbor", "hi : there "])
        #expect(line.channel == "quietharbor")
    }

    @Test func `a line inside a larger buffer reads the same`() throws {
        let frame = Array("JUNK@id=7 :a!a@a PRIVMSG #b :text JUNK".utf8)
        let line = try IRCMessage(frame[4..<33])
        #expect(line.raw == "@id=7 :a!a@a PRIVMSG #b :text")
        #expect(line.tag("id") == "7")
        #expect(line.trailing == "text")
    }

    @Test func `of equal keys the last wins, and an equals sign may be missing`() throws {
        let line = try message("@k=1;k=2;e;f=;;=x;k PING")
        #expect(line.tag("k")?.isEmpty == true)
        #expect(line.tag("e")?.isEmpty == true)
        #expect(line.tag("f")?.isEmpty == true)
        #expect(line.rawTags.map(\.key) == ["k", "k", "e", "f", "k"])
    }

    @Test func `keys that differ in one letter are told apart`() throws {
        let line = try message("@room-id=1;roqm-id=2;rxom-id=3 PING")
        #expect(line.tag("room-id") == "1")
        #expect(line.tag("roqm-id") == "2")
        #expect(line.tag("roxm-id") == nil)
    }

    @Test(arguments: [
        (#"a\sb"#, "a b"), (#"\:\\\r\n"#, ";\\\r\n"), (#"\\s"#, #"\s"#), (#"\b"#, "b"), (#"x\"#, "x"), (#"\"#, ""),
        ("é=", "é="),
    ])
    func `tag values are unescaped in one pass`(wire: String, value: String) throws {
        #expect(try message("@k=\(wire) PING").tag("k") == value)
    }

    @Test func `runs of spaces behind the command count as one`() throws {
        #expect(try message("PING   a   b  :c  d").parameters == ["a", "b", "c  d"])
        #expect(try message("PING ").parameters.isEmpty)
        #expect(try message("PING :").parameters == [""])
    }

    @Test(arguments: [
        ("", IRCParseError.noCommand), ("@a=b", .unfinishedTags), ("@a=b ", .noCommand), (":server", .unfinishedPrefix),
        (":server ", .noCommand), (":server  PING", .noCommand), (" PING", .noCommand), ("P1NG", .malformedCommand),
        ("12", .malformedCommand), ("1234", .malformedCommand), ("PØNG", .malformedCommand), ("PING a\rb", .lineBreak),
        ("PING\n", .lineBreak), ("@a=\r PING", .lineBreak), ("P\u{0}", .malformedCommand),
    ])
    func `a line that is none says why`(line: String, reason: IRCParseError) {
        #expect(throws: reason) { try message(line) }
    }

    @Test(arguments: [
        ("privmsg #a :b", IRCCommand.privmsg), ("Ping", .ping), ("001 me :Welcome, GLHF!", .numeric(1)),
        ("HELLO", .other("HELLO")), ("HOSTTARGET #a :b 1", .hosttarget),
    ])
    func `commands are known in any case and survive when unknown`(line: String, command: IRCCommand) throws {
        #expect(try message(line).command == command)
    }

    @Test func `numerics keep their three digits and find their channel`() throws {
        let line = try message(":me.tmi.twitch.tv 353 me = #quietharbor :me ola")
        #expect(line.channel == "quietharbor")
        #expect(try message("001").command.name == "001")
    }

    @Test func `a bare prefix is the host, and an empty nick stays empty`() throws {
        #expect(try message(":tmi.twitch.tv PING").prefix?.host == "tmi.twitch.tv")
        #expect(try message(":tmi.twitch.tv PING").prefix?.nick == nil)
        #expect(try message(":!@.tmi.twitch.tv CLEARCHAT ola").prefix?.nick?.isEmpty == true)
        #expect(try message(":ola!x PING").prefix?.user == "x")
    }

    @Test func `invalid UTF-8 is kept in the bytes and repaired in text`() throws {
        let bytes = Array("@display-name=".utf8) + [0xFF] + Array(" :a!a@a PRIVMSG #b :x".utf8) + [0xC3, 0x28, 0]
        let line = try IRCMessage(bytes)
        #expect(Array(line.bytes) == bytes)
        #expect(line.tag("display-name") == "\u{FFFD}")
        #expect(line.trailing == "x\u{FFFD}(\u{0}")
    }

    @Test func `a line of 100 kB reads like any other`() throws {
        let text = String(repeating: "a b;", count: 25_000)
        let line = try privmsg("@id=1 :a!a@a PRIVMSG #b :\(text)")
        #expect(line.text == text)
        let tags = (0..<20_000).map { "k\($0)=\($0)" }.joined(separator: ";")
        #expect(try message("@\(tags) PING").tag("k19999") == "19999")
    }
}
