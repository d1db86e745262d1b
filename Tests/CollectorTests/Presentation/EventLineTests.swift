import Protocol
import Testing

@testable import collector

@Suite struct EventLineTests {
    private func line(_ event: Event) -> String {
        EventLine(style: Style(isColoured: false)).format(
            Envelope(
                service: "irc-gateway",
                producer: "gw-1",
                subject: "quietharbor",
                time: Timestamp(rawValue: 36_005_000),
                partition: Partition.of("quietharbor"),
                offset: Offset(epoch: 1, sequence: 1),
                previous: .zero,
                event: event
            )
        )
    }

    private func message(_ text: String, isAction: Bool = false) -> Event {
        .chatMessage(
            ChatMessage(
                messageID: "m",
                broadcasterUserID: "1",
                broadcasterUserLogin: "quietharbor",
                chatterUserID: "2",
                chatterUserLogin: "ola",
                chatterUserName: "Ola",
                message: MessageText(text: text),
                messageType: "text",
                isAction: isAction,
                isSubscriber: false,
                isModerator: false,
                isVIP: false,
                isFirstMessage: false,
                isReturningChatter: false,
                sentAt: Timestamp(rawValue: 0),
                receivedAt: Timestamp(rawValue: 0),
                raw: ""
            )
        )
    }

    @Test func `a message reads like chat`() {
        #expect(line(message("hello")) == "10:00:05 #quietharbor  Ola: hello")
        #expect(line(message("waves", isAction: true)) == "10:00:05 #quietharbor  Ola waves")
    }

    @Test func `chat text cannot steer the terminal`() {
        let text = line(message("a\u{1B}]0;title\u{07}b\u{202E}c"))
        #expect(text == "10:00:05 #quietharbor  Ola: a\u{FFFD}]0;title\u{FFFD}b\u{FFFD}c")
    }

    @Test func `a timeout tells for how long`() {
        let ban = Ban(
            broadcasterUserID: "1",
            broadcasterUserLogin: "quietharbor",
            userID: "3",
            userLogin: "rowdy_gull",
            isPermanent: false,
            durationSeconds: 600,
            bannedAt: Timestamp(rawValue: 0),
            receivedAt: Timestamp(rawValue: 0),
            raw: ""
        )
        #expect(line(.ban(ban)) == "10:00:05 #quietharbor  timeout rowdy_gull for 600 s")
    }
}
