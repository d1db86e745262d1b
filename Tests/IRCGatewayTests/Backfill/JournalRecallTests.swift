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

    private static func started(_ second: Int64, _ session: String = "s") -> Event {
        .collectionStarted(
            CollectionStarted(
                broadcasterUserID: "9",
                broadcasterUserLogin: "alpha",
                sessionID: session,
                gateway: "gw-test",
                connection: 1,
                startedAt: at(second)
            )
        )
    }

    private static func stopped(_ second: Int64, _ reason: StopReason, _ session: String = "s") -> Event {
        .collectionStopped(
            CollectionStopped(
                broadcasterUserID: "9",
                broadcasterUserLogin: "alpha",
                sessionID: session,
                gateway: "gw-test",
                connection: 1,
                reason: reason.rawValue,
                stoppedAt: at(second)
            )
        )
    }

    private static func backfilled(from second: Int64) -> Event {
        .collectionBackfilled(
            CollectionBackfilled(
                broadcasterUserID: "9",
                broadcasterUserLogin: "alpha",
                gateway: "gw-test",
                source: "history.example",
                holeStartedAt: at(second),
                holeEndedAt: at(second),
                isComplete: true,
                linesOffered: 1,
                linesPublished: 1,
                finishedAt: at(second)
            )
        )
    }

    private let book = HoleBook(timing: BackfillTiming(settling: .zero))
    private let intake = ChatIntake(
        metrics: GatewayMetrics(),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )

    private func recall(_ events: Event...) {
        var recall = JournalRecall(into: book, intake: intake)
        for event in events { recall.apply(event) }
    }

    private var holes: [Hole] {
        var holes: [Hole] = []
        while case .fill(let hole) = book.next(at: .now + .seconds(1)) {
            holes.append(hole)
            book.filled(hole)
        }
        return holes
    }

    @Test func `a restart's hole begins where the journal says that listening ended, behind the last message heard`() {
        recall(
            Self.message(1),
            Self.message(2),
            Self.stopped(3, .shutdown),
            Self.stopped(4, .refusedBanned, "r"),
            // Told later by a service: not heard at that time.
            Self.message(5, backfilled: true)
        )
        book.started("alpha", roomID: "9", at: Self.at(9))
        let found = holes
        #expect(found.map(\.from) == [Self.at(3)] && found.first?.before?.messageID == Chat.uuid(2))
        let key = IdentityKey.of(.message(id: Chat.uuid(1), room: "9"))
        #expect(!intake.isNew(key, at: .now), "it is known")
    }

    @Test func `a hole that an earlier run left open is asked about, one that it closed is not`() {
        recall(
            Self.started(1, "a"),
            Self.message(2),
            Self.stopped(3, .connectionLost, "a"),
            Self.started(5, "b"),
            Self.message(6),
            Self.backfilled(from: 3),
            Self.stopped(7, .connectionLost, "b"),
            Self.started(9, "c"),
            Self.message(10),
            Self.stopped(11, .shutdown, "c")
        )
        let found = holes
        #expect(found.map(\.from) == [Self.at(7)] && found.map(\.through) == [Self.at(9)])
        #expect(found.first?.before?.messageID == Chat.uuid(6) && found.first?.after?.messageID == Chat.uuid(10))
    }

    @Test func `a hand-over is no hole, also where the journal begins in the middle of it`() {
        recall(
            Self.started(5, "new"),
            Self.stopped(6, .moved, "old"),
            Self.started(8, "newer"),
            Self.stopped(9, .moved, "new")
        )
        #expect(holes.isEmpty)
    }

    @Test func `what nobody can remember is forgotten`() {
        recall(Self.stopped(3, .connectionLost), Self.started(5, "b"))
        book.forget(before: Self.at(6))
        #expect(holes.isEmpty)
    }
}
