import ArgumentParser
import Testing

@testable import ServiceRuntime

struct ChannelReferenceTests {
    @Test(arguments: [
        ("shroud", "shroud"), ("Shroud", "shroud"), (" shroud ", "shroud"), ("#Shroud", "shroud"),
        ("@shroud", "shroud"), ("https://twitch.tv/Shroud", "shroud"), ("https://www.twitch.tv/shroud/", "shroud"),
        ("HTTP://TWITCH.TV/shroud", "shroud"), ("twitch.tv/shroud", "shroud"),
        ("https://m.twitch.tv/shroud/videos?sort=time", "shroud"), ("https://twitch.tv/shroud#chat", "shroud"),
        ("https://www.twitch.tv/popout/shroud/chat?popout=", "shroud"), ("https://twitch.tv/12345", "12345"),
        ("#12345", "12345"), ("_under_score_", "_under_score_"),
    ])
    func `a login is found in what people type or paste`(text: String, login: String) {
        #expect(ChannelReference(text) == .login(login))
    }

    @Test(arguments: [("37402112", "37402112"), ("0042", "42"), (" 7 ", "7")])
    func `digits alone are a user id`(text: String, id: String) {
        #expect(ChannelReference(text) == .userID(id))
    }

    @Test(arguments: [
        "", " ", "#", "##a", "two words", "Größe", "x/y", "-", "a,b", "0", "00", "12345678901234567890",
        "https://twitch.tv/", "https://twitch.tv", "https://twitch.tv/directory/all", "https://twitch.tv/videos/123",
        "https://example.org/shroud", "https://nottwitch.tv/shroud", "https://twitch.tv.example.org/shroud",
        "ftp://twitch.tv/shroud", "abcdefghijklmnopqrstuvwxyz", "\u{1B}[2J",
    ])
    func `everything else is no channel`(text: String) {
        #expect(ChannelReference(text) == nil)
    }
}

struct ChannelOptionsTests {
    private func overrides(_ arguments: [String]) throws -> [String: String] {
        try ChannelOptions.parse(arguments).overrides()
    }

    @Test func `without options nothing is decided`() throws {
        #expect(try self.overrides([]).isEmpty)
        #expect(try ChannelOptions.parse([]).isEmpty)
    }

    @Test func `channels stand instead of CHANNELS and of every file`() throws {
        let settings = try self.overrides(["--channel", "Shroud", "--channel", "37402112", "--channel=#xqc,shroud"])
        #expect(settings == ["CHANNELS": "shroud,37402112,xqc", "CHANNELS_FILE": "none"])
        let list = try ChannelList.load(settings: Settings(values: settings))
        #expect(list.logins == ["shroud", "xqc"])
        #expect(list.userIDs == ["37402112"])
        #expect(list.file == nil && list.warnings.isEmpty)
    }

    @Test func `a file that is named beside them is read too`() async throws {
        try await withTemporaryDirectory { directory in
            try write("channels: [b]", to: "\(directory)/c.yaml")
            let settings = try self.overrides(["--channel", "a", "--channels-file", "\(directory)/c.yaml"])
            #expect(try ChannelList.load(settings: Settings(values: settings)).logins == ["a", "b"])
            let alone = try self.overrides(["--channels-file", "\(directory)/c.yaml"])
            #expect(alone == ["CHANNELS_FILE": "\(directory)/c.yaml"])
        }
    }

    @Test func `another program in another folder gets the same`() throws {
        let options = try ChannelOptions.parse(["--channel", "https://twitch.tv/A", "--channels-file", "c.yaml"])
        #expect(
            try options.arguments { "/work/\($0)" } == ["--channel", "a", "--channels-file", "/work/c.yaml"]
        )
        let digits = try ChannelOptions.parse(["--channel", "https://twitch.tv/123"]).arguments(\.self)
        #expect(try self.overrides(digits)["CHANNELS"] == "#123")
    }

    @Test(arguments: [["--channel", "two words"], ["--channel", ""], ["--channel", "a,"], ["--channels-file", " "]])
    func `a wrong value is one line and status 64`(arguments: [String]) throws {
        let failure = try #require(throws: ServiceFailure.self) { try self.overrides(arguments) }
        #expect(failure.exitStatus == .usage)
        #expect(failure.message.contains(arguments[0]) && failure.message.contains("expected"))
    }

    @Test func `CHANNELS takes ids and addresses as well`() throws {
        let list = try ChannelList.load(
            settings: Settings(values: ["CHANNELS": "https://twitch.tv/A, 42,#43", "CHANNELS_FILE": "none"])
        )
        #expect(list.logins == ["a", "43"] && list.userIDs == ["42"])
    }

    @Test func `without a file and without channels the line names what to set`() {
        #expect(throws: ConfigurationError("there are no channels to collect; set CHANNELS=login,login")) {
            try ChannelList.load(settings: Settings(values: ["CHANNELS_FILE": "none"]))
        }
    }
}
