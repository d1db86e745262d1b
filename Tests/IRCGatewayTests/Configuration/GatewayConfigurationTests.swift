import BusSettings
import EventBus
import ServiceRuntime
import Testing

@testable import irc_gateway

@Suite struct GatewayConfigurationTests {
    func message(_ values: [String: String]) throws -> String {
        let error = #expect(throws: ConfigurationError.self) {
            try GatewayConfiguration(Settings(values: ["CHANNELS": "alpha"].merging(values) { $1 }))
        }
        return error?.description ?? ""
    }

    @Test func `defaults are Twitch's own address and ninety channels a connection`() throws {
        let configuration = try GatewayConfiguration(Settings(values: ["CHANNELS": "alpha,beta"]))
        #expect(configuration.channels.logins == ["alpha", "beta"])
        #expect(configuration.endpoint.description == "wss://irc-ws.chat.twitch.tv:443")
        #expect(configuration.channelsPerConnection == 90 && configuration.joinLimit == 20)
        #expect(configuration.history == nil)
        let empty = try GatewayConfiguration(Settings(values: ["CHANNELS": "alpha", "BACKFILL_URL": ""]))
        #expect(empty.history == nil)
        #expect(configuration.producer.journal.sync == .full && configuration.producer.journal.capBytes == 8 << 30)
    }

    @Test(arguments: [
        (["TWITCH_IRC_URL": "ws://irc.example.org"], "TWITCH_IRC_URL"),
        (["TWITCH_IRC_URL": "http://x"], "expected wss://"), (["JOURNAL_SYNC": "never"], "full or normal"),
        (["IRC_CHANNELS_PER_CONNECTION": "101"], "IRC_CHANNELS_PER_CONNECTION"),
        (["BACKFILL_URL": "http://history.example/api"], "BACKFILL_URL"),
        (["BACKFILL_URL": "history"], "expected https://"),
        (["JOURNAL_SIZE_LIMIT": "64MiB"], "JOURNAL_SIZE_LIMIT"), (["JOURNAL_SEGMENT_SIZE": "5"], "at least 1MiB"),
    ])
    func `a wrong value is one line that names it`(values: [String: String], part: String) throws {
        let message = try message(values)
        #expect(message.contains(part) && !message.contains("\n"))
    }

    @Test func `a password in a URL is not repeated`() throws {
        #expect(try !message(["TWITCH_IRC_URL": "wss://me:hunter2@example.org"]).contains("hunter2"))
        #expect(try !message(["BACKFILL_URL": "https://me:hunter2@example.org"]).contains("hunter2"))
    }

    @Test func `no channels at all names both places`() throws {
        let message = try message(["CHANNELS": ""])
        #expect(message.contains("CHANNELS") && message.contains("channels.yaml"))
    }

    @Test func `an unreadable authority file is named`() throws {
        let settings = Settings(values: ["CHANNELS": "alpha", "TWITCH_IRC_CA_FILE": "/nonexistent/ca.pem"])
        let configuration = try GatewayConfiguration(settings)
        let error = #expect(throws: ConfigurationError.self) { try configuration.client() }
        #expect(error?.description.contains("/nonexistent/ca.pem") == true)
    }
}
