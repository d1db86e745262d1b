import Testing

@testable import ServiceRuntime

struct SettingsTests {
    @Test func `absent and empty values give the default`() throws {
        let settings = Settings(values: ["A": "", "B": "  "])
        #expect(try settings.string("A", default: "x") == "x")
        #expect(try settings.string("B") == nil)
        #expect(try settings.integer("C", default: 3, in: 0...9) == 3)
        #expect(try settings.duration("A", default: .seconds(2)) == .seconds(2))
        #expect(try settings.list("A") == [])
        #expect(try settings.secret("A") == nil)
        #expect(try settings.databaseURL().reveal() == "sqlite:///data/twitch_chats.db")
    }

    @Test func `a wrong number names the variable, the value and the range`() {
        let settings = Settings(values: ["HTTP_PORT": "70000"])
        #expect(
            throws: ConfigurationError(
                "HTTP_PORT is '70000', which cannot be used; expected a whole number from 0 to 65535"
            )
        ) {
            try settings.integer("HTTP_PORT", default: 1, in: 0...65_535)
        }
    }

    @Test(arguments: [
        ("1", true), ("TRUE", true), ("yes", true), ("On", true), ("0", false), ("no", false), ("off", false),
    ])
    func `truth has many words`(text: String, value: Bool) throws {
        #expect(try Settings(values: ["A": text]).boolean("A", default: !value) == value)
    }

    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("1h", .seconds(3600)),
        ("1.5", .milliseconds(1500)), ("2 min", .seconds(120)), ("0", .zero),
    ])
    func `durations have units`(text: String, value: Duration) throws {
        #expect(try Settings(values: ["A": text]).duration("A", default: .seconds(9)) == value)
    }

    @Test(arguments: [
        ("64MiB", 67_108_864), ("8GiB", 8_589_934_592), ("500MB", 500_000_000), ("123", 123), ("1.5KiB", 1536),
    ])
    func `sizes have units`(text: String, value: Int) throws {
        #expect(try Settings(values: ["A": text]).bytes("A", default: 9) == value)
    }

    @Test(arguments: ["soon", "5 apples", "-1s", "1e400s", "99999999999999999h", ""])
    func `what is no duration and no size is refused`(text: String) {
        let settings = Settings(values: ["A": text.isEmpty ? "x" : text])
        #expect(throws: ConfigurationError.self) { try settings.duration("A", default: .zero) }
        #expect(throws: ConfigurationError.self) { try settings.bytes("A", default: 0) }
    }

    @Test func `lists are trimmed and empty items dropped`() throws {
        #expect(try Settings(values: ["A": " a, ,b,,c "]).list("A") == ["a", "b", "c"])
    }

    @Test func `choices ignore the case of letters and name the alternatives`() throws {
        #expect(try Settings(values: ["LOG_FORMAT": "JSON"]).choice("LOG_FORMAT", default: LogFormat.text) == .json)
        #expect(throws: ConfigurationError("LOG_FORMAT is 'xml', which cannot be used; expected one of text, json")) {
            try Settings(values: ["LOG_FORMAT": "xml"]).choice("LOG_FORMAT", default: LogFormat.text)
        }
    }

    @Test func `a secret does not show itself`() throws {
        let secret = try #require(
            try Settings(values: ["TWITCH_CLIENT_SECRET": "hunter2"]).secret("TWITCH_CLIENT_SECRET")
        )
        var dumped = ""
        dump(["a": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.reveal() == "hunter2")
        #expect(!Settings(values: [:]).wrong("DATABASE_URL", "postgres://u:pw@h", "x").description.contains("pw"))
    }
}
