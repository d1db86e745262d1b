import BusSettings
import EventBus
import ServiceRuntime
import Testing
import TwitchChat

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
        #expect(configuration.server.endpoint.description == "wss://irc-ws.chat.twitch.tv:443")
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
        (["GATEWAY_REPLICAS": "3"], "from 1 to 2"), (["GATEWAY_COUNT": "3"], "GATEWAY_INDEX is not"),
        (["GATEWAY_INDEX": "0"], "GATEWAY_COUNT is not"),
        (["GATEWAY_COUNT": "3", "GATEWAY_INDEX": "3"], "from 0 to 2"),
    ])
    func `a wrong value is one line that names it`(values: [String: String], part: String) throws {
        let message = try message(values)
        #expect(message.contains(part) && !message.contains("\n"))
    }

    @Test func `gateways find each other unless the settings say how many there are`() throws {
        let alone = try GatewayConfiguration(Settings(values: ["CHANNELS": "alpha"])).sharing
        #expect(alone.replicas == 1 && alone.place == nil)
        let values = ["CHANNELS": "alpha", "GATEWAY_REPLICAS": "2", "GATEWAY_COUNT": "3", "GATEWAY_INDEX": "1"]
        let third = try GatewayConfiguration(Settings(values: values)).sharing
        #expect(third.replicas == 2 && third.place?.name == "gateway-1")
        #expect(third.place?.others.map(\.name) == ["gateway-0", "gateway-2"])
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
        let error = #expect(throws: ConfigurationError.self) { try configuration.server.client() }
        #expect(error?.description.contains("/nonexistent/ca.pem") == true)
    }
}
