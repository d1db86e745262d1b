import Logging
import Protocol
import Testing

@testable import irc_gateway

@Suite struct JournalRecallTests {
    private static func at(_ seconds: Int64) -> Timestamp { Timestamp(rawValue: 1_790_000_000_000 + seconds * 1000) }

    private static func message(_ number: Int, backfilled: Bool? = nil) -> Event {
        .chatMessage(
            ChatMessage(
                messageID: Chat.uuid(number),
                broadcasterUserID: "9",
                broadcasterUserLogin: "alpha",
                chatterUserID: "7",
                chatterUserLogin: "ola",
                chatterUserName: "Ola",
                message: MessageText(text: "hello"),
                messageType: "text",
                isAction: false,
                badges: [],
                isSubscriber: false,
                isModerator: false,
                isVIP: false,
                isFirstMessage: false,
                isReturningChatter: false,
                sentAt: at(Int64(number)),
                receivedAt: at(Int64(number)),
                raw: "",
                backfilled: backfilled
            )
        )
    }

    private static func stopped(_ second: Int64, _ reason: StopReason) -> Event {
        .collectionStopped(
            CollectionStopped(
                broadcasterUserID: "9",
                broadcasterUserLogin: "alpha",
                sessionID: "s",
                gateway: "gw-test",
                connection: 1,
                reason: reason.rawValue,
                stoppedAt: at(second)
            )
        )
    }

    @Test func `a restart's hole begins where the journal says that listening ended, behind the last message heard`() {
        let book = HoleBook(timing: BackfillTiming(settling: .zero))
        let intake = ChatIntake(
            metrics: GatewayMetrics(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let events = [
            Self.message(1), Self.message(2), Self.stopped(3, .shutdown), Self.stopped(4, .refusedBanned),
            // Told later by a service: not heard at that time.
            Self.message(5, backfilled: true),
        ]
        for event in events { JournalRecall.apply(event, to: book, intake: intake) }
        book.started("alpha", roomID: "9", at: Self.at(9))
        guard case .fill(let hole) = book.next(at: .now + .seconds(1)) else { return #expect(Bool(false), "no hole") }
        #expect(hole.from == Self.at(3) && hole.before?.messageID == Chat.uuid(2))
        #expect(MessageKey.message(Chat.uuid(1)).map { intake.isNew($0, at: .now) } == false, "it is known")
    }
}
