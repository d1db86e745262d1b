import Testing

@testable import ServiceRuntime

struct ChannelListBuilderTests {
    private func parse(_ text: String) throws -> ChannelList {
        var builder = ChannelListBuilder()
        try builder.add(file: text, path: "c.yaml")
        return builder.list
    }

    @Test func `the predecessor's file is understood`() throws {
        let list = try self.parse(
            """
            channels:
              - user_login: "quietharbor"
                user_id: "123"
                display_name: "Quiet Harbor"
                enabled: true
                notes: ""
              - user_login: sleepy
                enabled: false
              - user_login: busy_port
            scheduler:
              interval_minutes: 2
              reconnect_interval: 5
              max_reconnect_attempts: 10
            """
        )
        #expect(list.logins == ["quietharbor", "busy_port"])
        #expect(list.pollInterval == .seconds(120))
        #expect(list.warnings == [])
        #expect(list.file == "c.yaml")
    }

    @Test func `slips are mended and reported with their place`() throws {
        let list = try self.parse(
            """
            channels:
              - user_login: QuietHarbor
              - user_login: "#quietharbor"
              - busyport
              - user_id: 4711
              - notes: nobody
              - colour: blue
                nots: nothing
                user_login: y
            wheather: fine
            """
        )
        #expect(list.logins == ["quietharbor", "busyport", "y"])
        #expect(list.userIDs == ["4711"])
        #expect(
            list.warnings == [
                "c.yaml:2:17: 'QuietHarbor' is taken as 'quietharbor': logins are lower-case",
                "c.yaml:3:17: '#quietharbor' is taken as 'quietharbor': a login has no '#'",
                "c.yaml:3:17: 'quietharbor' was already named in c.yaml:2:17; it is collected once",
                "c.yaml:6:5: a channel without user_login and user_id is skipped",
                "c.yaml:7:5: 'colour' is not known and ignored",
                "c.yaml:8:5: 'nots' is not known and ignored; did you mean 'notes'?",
                "c.yaml:10:1: 'wheather' is not known and ignored",
            ]
        )
    }

    @Test func `merge keys take defaults over, and the place of the defaults is no unknown key`() throws {
        let list = try self.parse(
            """
            off: &off {enabled: false}
            by_id: &by_id
              user_id: "7"
            scheduler_defaults: &s {interval_minutes: 2}
            channels:
              - &first {user_login: a}
              - {<<: *off, user_login: b}
              - {<<: *off, user_login: c, enabled: true}
              - {<<: [*by_id, *off]}
              - {<<: [*by_id, *off], enabled: on}
              - *first
            scheduler: {<<: *s}
            """
        )
        #expect(list.logins == ["a", "c"] && list.userIDs == ["7"])
        #expect(list.pollInterval == .seconds(120))
        #expect(list.warnings == ["c.yaml:6:25: 'a' was already named in c.yaml:6:25; it is collected once"])
    }

    @Test(arguments: [
        (
            "channels:\n  - user_login: a\n    enable: false",
            "c.yaml:3:5: 'enable' is not known; did you mean 'enabled'?"
        ),
        (
            "channels:\n  - user_login: a\n    Enabled: false",
            "c.yaml:3:5: 'Enabled' is not known; did you mean 'enabled'?"
        ),
        (
            "channels:\n  - user_login: a\n    disabled: true",
            "c.yaml:3:5: 'disabled' is not known; did you mean 'enabled'?"
        ),
        (
            "channels:\n  - user_login: a\n    user_logn: b",
            "c.yaml:3:5: 'user_logn' is not known; did you mean 'user_login'?"
        ),
        (
            "channels:\n  - login: a",
            "c.yaml:2:5: 'login' is not known, and the entry names no channel; expected user_login or user_id"
        ),
        ("channels: [a]\nschedular: {}", "c.yaml:2:1: 'schedular' is not known; did you mean 'scheduler'?"),
        (
            "channels: [a]\nscheduler: {interval_minute: 5}",
            "c.yaml:2:13: 'interval_minute' is not known; did you mean 'interval_minutes'?"
        ),
        ("channels:\n  - user_login: a\n    enabled:", "enabled has no value; expected true or false"),
        ("channels: [a]\nchannels: [b]", "'channels' stands there twice; keep one"),
        ("channels: [!secret a]", "c.yaml:1:12: the tag '!secret' is not known"),
    ])
    func `what would change the meaning is not only warned about`(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try self.parse(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        "channels: [a]\nscheduler:\n", "channels: [a]\nscheduler: {}\n",
        "channels: [a]\nscheduler: {interval_minutes: }",
    ])
    func `an empty scheduler does no harm`(text: String) throws {
        #expect(try self.parse(text).logins == ["a"])
    }

    @Test func `numbers need no quotes`() throws {
        #expect(try self.parse("channels: [{user_login: 12345, user_id: 0042}]").logins == ["12345"])
    }

    @Test func `channels may be given by id, or by login with the id behind it`() throws {
        let list = try self.parse(
            """
            channels:
              - user_id: 4711
              - user_id: "4711"
              - user_id: 4712
                enabled: false
              - user_login: quietharbor
                user_id: "123"
            """
        )
        #expect(list.userIDs == ["4711"])
        #expect(list.logins == ["quietharbor"])
        #expect(list.idsOfLogins == ["quietharbor": "123"])
        #expect(list.warnings == ["c.yaml:3:5: user_id 4711 was already named; it is collected once"])
    }

    @Test(arguments: [("0.5", 30_000), ("1", 60_000), ("0.05", 3_000), ("2.25", 135_000)])
    func `the interval may be a fraction`(text: String, milliseconds: Int) throws {
        let list = try self.parse("channels: [a]\nscheduler: {interval_minutes: \(text)}")
        #expect(list.pollInterval == .milliseconds(milliseconds))
    }

    @Test(arguments: ["0", "-1", "0.04", "nan", "inf", "often"])
    func `an interval that would flood Twitch or never come is refused`(text: String) {
        #expect(throws: ConfigurationError.self) {
            try self.parse("channels: [a]\nscheduler: {interval_minutes: \(text)}")
        }
    }

    @Test(arguments: [
        ("", "c.yaml: the file is empty; add 'channels:' and below it '- user_login: <login>'"),
        ("# nothing\n", "c.yaml: the file is empty; add 'channels:' and below it '- user_login: <login>'"),
        ("- a", "c.yaml:1:1: expected 'channels:' at the top, found a list"),
        ("scheduler: {}", "c.yaml: 'channels:' is missing; add it with a list of channels"),
        ("channels: quietharbor", "c.yaml:1:11: 'channels' must be a list, found 'quietharbor'"),
        ("channels: {user_login: a}", "c.yaml:1:11: 'channels' must be a list, found a mapping"),
        ("channels: [[a]]", "c.yaml:1:12: a channel must be 'user_login: <login>', found a list"),
        ("channels:\n  - user_login: [a]", "c.yaml:2:17: user_login must be a single value, found a list"),
        ("channels:\n  - user_login: a\n    enabled: maybe", "c.yaml:3:14: enabled is 'maybe'; expected true or false"),
        (
            "channels: [a]\nscheduler:\n  interval_minutes: 0",
            "c.yaml:3:21: interval_minutes is '0'; expected minutes from 0.05, such as 1 or 0.5"
        ),
        ("channels: [a]\nscheduler: 5", "c.yaml:2:12: 'scheduler' must hold settings, found '5'"),
        ("channels:\n  - user_id: abc", "c.yaml:2:5: user_id 'abc' is not a number; copy the id, or use user_login"),
        (
            "channels:\n  - user_login: quiet harbor",
            "c.yaml:2:17: 'quiet harbor' is not a Twitch login; expected 1 to 25 letters, digits and _, as in the channel's address"
        ),
    ])
    func `what cannot be mended is one line with its place`(text: String, message: String) {
        #expect(throws: ConfigurationError(message)) { try self.parse(text) }
    }

    @Test(arguments: ["channels:\n\t- a", "channels: [a", "channels:\n  - a\n b: c", "a: 'x", "channels: *nobody"])
    func `broken YAML is one line with its place`(text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try self.parse(text) }
        let description = error?.description ?? ""
        #expect(description.contains(#/^c\.yaml:\d+:\d+: not valid YAML: /#), "\(description)")
        #expect(!description.contains("\n"))
    }

    @Test(arguments: ["ÄRGER", "a-b", "abcdefghijklmnopqrstuvwxyz", "", "https://example.org/a", "##a"])
    func `what cannot be a login is refused in CHANNELS too`(login: String) {
        var builder = ChannelListBuilder()
        #expect(throws: ConfigurationError.self) { try builder.add(names: [login]) }
    }
}
