import Testing

@testable import ServiceRuntime

struct RecordedSettingsTests {
    @Test(arguments: [
        ("sqlite:///data/chats.db", "sqlite:///data/chats.db"),
        ("postgresql://me:secret@host/chats", "postgresql://me@host/chats"),
        ("postgresql://me:se/cr@et@host:5432/chats", "postgresql://me@host:5432/chats"),
        ("postgresql://host/chats?password=secret", "postgresql://host/chats"),
        ("postgresql://me@host/chats?sslmode=require&password=secret", "postgresql://me@host/chats"),
        ("postgresql://:secret@host/chats", "postgresql://@host/chats"),
    ])
    func `a database's address is kept without its password`(url: String, kept: String) {
        #expect(Settings.withoutPassword(url) == kept)
    }

    @Test func `what is no address is not kept`() {
        #expect(Settings.withoutPassword("host=db password=secret") == nil)
    }

    @Test func `no secret is ever recorded`() throws {
        let settings = Settings(values: [
            "TWITCH_CLIENT_ID": "id", "TWITCH_CLIENT_SECRET": "secret", "TWITCH_ACCESS_TOKEN": "secret",
            "TWITCH_REFRESH_TOKEN": "secret", "DATABASE_URL": "postgresql://me:secret@host/chats",
            "TWITCH_API_URL": "https://me:secret@example.org", "CHANNELS": "a,b",
        ])
        for service in ["writer", "irc-gateway"] {
            let recorded = try settings.recorded(by: service)
            #expect(!recorded.values.contains { $0.contains("secret") }, "\(service)")
            #expect(recorded["CHANNELS"] == "a,b" && recorded["TWITCH_CLIENT_ID"] == "id")
        }
    }

    @Test func `only the writer says where it stores, also where nothing is set`() throws {
        let settings = Settings(values: [:])
        #expect(try settings.recorded(by: "writer") == ["DATABASE_URL": "sqlite:///data/twitch_chats.db"])
        #expect(try settings.recorded(by: "irc-gateway").isEmpty)
        let file = Settings(values: ["DATABASE_URL_FILE": "/run/secrets/url"])
        #expect(try file.recorded(by: "writer") == ["DATABASE_URL_FILE": "/run/secrets/url"])
        let both = Settings(values: ["DATABASE_URL_FILE": "/run/secrets/url", "DATABASE_URL": "sqlite:///mine.db"])
        #expect(try both.recorded(by: "writer") == ["DATABASE_URL": "sqlite:///mine.db"], "what counts")
    }

    @Test func `an older version's file is still read`() async throws {
        try await withTemporaryDirectory { directory in
            let file = try RunFile.write(service: "writer", http: "127.0.0.1:1", settings: ["A": "b"], in: directory)
            #expect(RunFile.all(in: directory) == [file])
            #expect(file.settings == ["A": "b"] && file.directory?.hasPrefix("/") == true)
            try write(#"{"http":"127.0.0.1:2","pid":7,"service":"writer"}"#, to: "\(directory)/run/writer-7.json")
            let old = try #require(RunFile.all(in: directory).first { $0.pid == 7 })
            #expect(old.settings == nil && old.directory == nil)
            file.remove(from: directory)
        }
    }
}
