import Testing

@testable import collector

@Suite struct PrometheusTextTests {
    @Test func `sums a metric over its labels`() {
        let text = PrometheusText(
            """
            # HELP irc_messages_total Messages.
            # TYPE irc_messages_total counter
            irc_messages_total{type="channel.chat.message"} 41
            irc_messages_total{type="channel.ban"} 1
            irc_channels_joined 3
            """
        )
        #expect(text.sum("irc_messages_total") == 42)
        #expect(text.sum("irc_messages_total", where: ["type": "channel.ban"]) == 1)
        #expect(text.sum("irc_channels_joined") == 3)
        #expect(text.sum("absent") == nil)
    }

    @Test func `keeps escaped label values apart from the syntax around them`() {
        let text = PrometheusText(#"m{a="x\"y",b="1,2=3"} 7"#)
        #expect(text.samples == [.init(name: "m", labels: ["a": "x\"y", "b": "1,2=3"], value: 7)])
    }

    @Test(arguments: ["", "nonsense", "m{", "m{a=b} 1", "m x", "# m 1"])
    func `leaves out what it does not understand`(line: String) {
        #expect(PrometheusText(line).sum("m") ?? 1 == 1)
        #expect(PrometheusText(line + "\nok 2").sum("ok") == 2)
    }
}
