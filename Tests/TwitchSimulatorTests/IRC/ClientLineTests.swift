import Testing

@testable import twitch_simulator

@Suite struct ClientLineTests {
    @Test(arguments: [
        ("NICK harborlog", "NICK", ["harborlog"]),
        ("CAP REQ :twitch.tv/tags twitch.tv/commands", "CAP", ["REQ", "twitch.tv/tags twitch.tv/commands"]),
        ("PRIVMSG #a :hello :there", "PRIVMSG", ["#a", "hello :there"]),
        ("@client-nonce=1 PRIVMSG #a :x", "PRIVMSG", ["#a", "x"]),
        ("PING", "PING", []),
        ("PING :", "PING", [""]),
        ("JOIN  #a", "JOIN", ["#a"]),
    ])
    func `a line is command and parameters`(_ text: String, _ command: String, _ parameters: [String]) throws {
        let line = try #require(ClientLine(text))
        #expect(line.command == command)
        #expect(line.parameters == parameters)
    }

    @Test func `an empty line is none`() {
        #expect(ClientLine("") == nil)
        #expect(ClientLine("   ") == nil)
    }

    @Test func `a sliding window counts every attempt and forgets old ones`() {
        var window = SlidingWindow(limit: 2, length: 10)
        // The attempts at 5 and 9 still count at 11, though the one at 9 was over the limit.
        let allowed = [0, 5, 9, 11, 40].map { window.attempt(at: $0) }
        #expect(allowed == [true, true, false, false, true])
    }
}
