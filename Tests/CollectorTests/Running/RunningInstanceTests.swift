import ServiceRuntime
import Testing

@testable import collector

struct RunningInstanceTests {
    private func service(_ name: String, _ settings: [String: String], in directory: String? = "/srv") -> RunFile {
        RunFile(service: name, pid: 1, http: "127.0.0.1:1", directory: directory, settings: settings)
    }

    private func instance(_ services: [RunFile], isDemo: Bool = false) -> RunningInstance {
        RunningInstance(services, stateDirectory: "/srv/data", isDemo: isDemo)
    }

    private func own(_ values: [String: String]) -> Settings { Settings(values: values) }

    @Test func `what the services say is put together, and who reads channels is believed about them`() {
        let instance = instance([
            service("irc-gateway", ["CHANNELS": "a,b"]),
            service("writer", ["DATABASE_URL": "sqlite:///data/x.db", "CHANNELS": "old"]),
        ])
        #expect(instance.settings == ["CHANNELS": "a,b", "DATABASE_URL": "sqlite:////srv/data/x.db"])
    }

    @Test func `paths do not depend on the folder of the second terminal`() {
        let instance = instance([
            service(
                "writer",
                ["DATABASE_URL_FILE": "secrets/url", "BUS_KEYS_DIR": "/keys", "CHANNELS_FILE": "./channels.yaml"]
            ),
            service("irc-gateway", ["CHANNELS_FILE": "none", "TWITCH_IRC_URL": "ws://127.0.0.1:1"]),
        ])
        #expect(instance.settings["DATABASE_URL_FILE"] == "/srv/secrets/url")
        #expect(instance.settings["BUS_KEYS_DIR"] == "/keys")
        #expect(instance.settings["CHANNELS_FILE"] == "none")
        #expect(instance.settings["TWITCH_IRC_URL"] == "ws://127.0.0.1:1")
        let absolute = self.instance([service("writer", ["DATABASE_URL": "sqlite:////x.db"])])
        #expect(absolute.settings["DATABASE_URL"] == "sqlite:////x.db")
        let unknown = self.instance([service("writer", ["DATABASE_URL": "sqlite:///x.db"], in: nil)])
        #expect(unknown.settings["DATABASE_URL"] == "sqlite:///x.db")
    }

    @Test(arguments: [
        ["DATABASE_URL": "sqlite:///mine.db"], ["DATABASE_URL_FILE": "/dev/null"],
    ])
    func `a database that the person names counts`(values: [String: String]) throws {
        let instance = instance([service("writer", ["DATABASE_URL": "sqlite:///x.db", "CHANNELS": "a"])], isDemo: true)
        let defaults = try #require(try instance.defaults(beside: own(values), for: .archive))
        #expect(defaults["DATABASE_URL"] == nil && defaults["CHANNELS"] == "a")
    }

    @Test(arguments: ["CHANNELS", "CHANNELS_FILE", "TWITCH_API_URL"])
    func `the demo's channels are not mixed with those of somebody who names real ones`(name: String) throws {
        let files = [service("irc-gateway", ["CHANNELS": "demo", "TWITCH_API_URL": "http://127.0.0.1:1"])]
        let person = own([name: "x"])
        #expect(try instance(files, isDemo: true).defaults(beside: person, for: .twitch) == nil)
        #expect(try instance(files, isDemo: true).defaults(beside: person, for: .archive) != nil)
        #expect(try instance(files).defaults(beside: person, for: .twitch)?[name] == nil)
        #expect(try instance(files).defaults(beside: person, for: .twitch)?.isEmpty == false)
    }

    @Test func `the demo's application is known, and gives way to the person's own`() throws {
        let demo = instance([service("token-service", ["TWITCH_CLIENT_ID": "simulator-client"])], isDemo: true)
        #expect(try demo.defaults(beside: own([:]), for: .twitch)?["TWITCH_CLIENT_SECRET"] == "simulator-secret")
        let mine = try demo.defaults(beside: own(["TWITCH_CLIENT_SECRET": "mine"]), for: .twitch)
        #expect(mine?["TWITCH_CLIENT_SECRET"] == nil)
    }

    @Test(arguments: [("#Shroud", "shroud"), ("https://twitch.tv/Shroud", "shroud"), ("x y", "x y"), ("42", "42")])
    func `a channel in an argument is taken as it is meant`(text: String, login: String) {
        #expect(text.channelLogin == login)
    }
}
