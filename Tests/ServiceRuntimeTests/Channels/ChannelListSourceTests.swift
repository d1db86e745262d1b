import Testing

@testable import ServiceRuntime

struct ChannelListSourceTests {
    @Test func `CHANNELS and the file are joined`() async throws {
        try await withTemporaryDirectory { directory in
            try write("channels: [b, a]", to: "\(directory)/c.yaml")
            let settings = Settings(values: ["CHANNELS": "a, #C", "CHANNELS_FILE": "\(directory)/c.yaml"])
            let list = try ChannelList.load(settings: settings)
            #expect(list.logins == ["a", "c", "b"])
            #expect(list.file == "\(directory)/c.yaml")
        }
    }

    @Test func `a file that was named must exist`() {
        #expect(
            throws: ConfigurationError(
                "/nowhere.yaml does not exist; create it, or name the channels file with CHANNELS_FILE"
            )
        ) {
            try ChannelList.load(settings: Settings(values: ["CHANNELS": "a", "CHANNELS_FILE": "/nowhere.yaml"]))
        }
    }

    @Test func `without the default file, CHANNELS is enough, and without both the error says what to do`() throws {
        var source = ChannelListSource(names: ["a"], path: "/nowhere.yaml", isFileRequired: false)
        #expect(try source.load().logins == ["a"])
        source.names = []
        #expect(
            throws: ConfigurationError(
                "there are no channels to collect; set CHANNELS=login,login or create /nowhere.yaml"
            )
        ) {
            try source.load()
        }
    }

    @Test func `a file without an enabled channel is an error`() async throws {
        try await withTemporaryDirectory { directory in
            for text in ["channels:", "channels: []", "channels: [{user_login: a, enabled: no}]"] {
                try write(text, to: "\(directory)/c.yaml")
                let error = #expect(throws: ConfigurationError.self) {
                    try ChannelListSource(names: [], path: "\(directory)/c.yaml", isFileRequired: true).load()
                }
                #expect(error?.description.contains("no enabled channel") == true)
            }
        }
    }
}
