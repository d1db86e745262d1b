import Logging
import Protocol
import Synchronization
import TestSupport
import Testing

@testable import irc_gateway

@Suite(.timeLimit(.minutes(5))) struct BackfillingTests {
    /// A hole of five seconds in `alpha`, and what is published for it.
    private final class Scene: Sendable {
        static let start: Int64 = 1_790_000_000_000

        let book: HoleBook
        let intake = ChatIntake(metrics: GatewayMetrics(), logger: Scene.silence)
        let published = Mutex<[Event]>([])

        private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        private static let timing = BackfillTiming(
            spacing: .milliseconds(1),
            settling: .zero,
            retries: [.milliseconds(5), .milliseconds(5), .milliseconds(5)],
            spread: .seconds(3600),
            firstRest: .milliseconds(1),
            limit: 3
        )

        init(after: Int? = 9) {
            book = HoleBook(timing: Self.timing)
            book.started("alpha", roomID: "9", at: Self.time(0))
            hear(1)
            book.stopped("alpha", because: .connectionLost, at: Self.time(2))
            book.started("alpha", roomID: "9", at: Self.time(8))
            if let after { hear(after) }
        }

        static func time(_ second: Int) -> Timestamp { Timestamp(rawValue: start + Int64(second) * 1000) }

        /// The message of a second, as the service tells it.
        static func line(_ second: Int) -> String {
            let time = start + Int64(second) * 1000
            return "@historical=1;id=\(Chat.uuid(second));rm-received-ts=\(time + 100);room-id=9;tmi-sent-ts=\(time);"
                + "user-id=7 :ola!ola@ola.tmi.twitch.tv PRIVMSG #alpha \(second)"
        }

        static func answer(_ seconds: Int...) -> Result<HistoryAnswer, HistoryFailure> {
            .success(HistoryAnswer(messages: seconds.map(line)))
        }

        /// It was heard live.
        func hear(_ second: Int) {
            _ = intake.isNew(IdentityKey.of(.message(id: Chat.uuid(second), room: "9")), at: .now)
            book.heard(Hole.Landmark(messageID: Chat.uuid(second), sentAt: Self.time(second)), in: "alpha")
        }

        var result: CollectionBackfilled? {
            published.withLock { events in
                for case .collectionBackfilled(let result) in events { return result }
                return nil
            }
        }

        var messages: [ChatMessage] {
            published.withLock { $0.compactMap { if case .chatMessage(let message) = $0 { message } else { nil } } }
        }

        func run(_ history: ScriptedHistory) async throws {
            let backfilling = Backfilling(
                book: book,
                history: history,
                intake: intake,
                gateway: "gw-test",
                timing: Self.timing,
                clock: WallClock { Self.time(12) },
                metrics: BackfillMetrics(),
                logger: Self.silence,
                isDurable: { true },
                publish: { drafts in
                    let events = try drafts.map { draft in
                        let frame = EventFrame.encode(
                            draft,
                            service: "irc-gateway",
                            producer: "gw-test",
                            partition: 0,
                            offset: Offset(rawValue: 1),
                            previous: .zero
                        )
                        return try EventCodec.decode(frame.drop { $0 != UInt8(ascii: "\n") }.dropFirst()).event
                    }
                    self.published.withLock { $0 += events }
                }
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await backfilling.run() }
                try await eventually("it is over") { self.result != nil }
                group.cancelAll()
            }
        }
    }

    @Test func `what lies between two messages that were heard is published, marked, and the hole is closed`()
        async throws
    {
        let scene = Scene()
        // The service answers in pages of three: the second question goes further back.
        let history = ScriptedHistory(Scene.answer(7, 9, 10), Scene.answer(1, 4, 6, 7))
        try await scene.run(history)
        #expect(scene.messages.map(\.messageID) == [4, 6, 7].map(Chat.uuid))
        #expect(scene.messages.allSatisfy { $0.backfilled == true && $0.receivedAt == Scene.time(12) })
        #expect(scene.messages.first?.message.text == "4" && scene.messages.first?.sentAt == Scene.time(4))
        let result = try #require(scene.result)
        #expect(result.isComplete && result.linesOffered == 3 && result.linesPublished == 3 && result.failure == nil)
        #expect(result.holeStartedAt == Scene.time(2) && result.holeEndedAt == Scene.time(8))
        #expect(result.messageBefore == Chat.uuid(1) && result.messageAfter == Chat.uuid(9))
        #expect(history.requests.map(\.after) == [Scene.time(-9), Scene.time(-9)])
        #expect(history.requests.map(\.before) == [nil, Timestamp(rawValue: Scene.time(7).rawValue + 101)])
        #expect(scene.book.waiting == 0)
    }

    @Test func `a history that does not reach back to the message before closes nothing`() async throws {
        let scene = Scene()
        try await scene.run(ScriptedHistory(Scene.answer(6, 9)))
        let result = try #require(scene.result)
        #expect(!result.isComplete && result.messageBefore == nil && result.linesPublished == 1)
    }

    @Test func `while nobody says anything behind the hole it is asked again, then closed in part`() async throws {
        let scene = Scene(after: nil)
        let history = ScriptedHistory(Scene.answer(1, 4))
        try await scene.run(history)
        let result = try #require(scene.result)
        #expect(!result.isComplete && result.linesPublished == 1 && result.messageBefore == Chat.uuid(1))
        #expect(history.requests.count == 4 && scene.messages.count == 1)
    }

    @Test func `a message that comes later is the proof`() async throws {
        let scene = Scene(after: nil)
        let history = ScriptedHistory(Scene.answer(1, 4), Scene.answer(1, 4, 9))
        history.state.withLock { $0.onRequest = { scene.hear(9) } }
        try await scene.run(history)
        #expect(scene.result?.isComplete == true && scene.result?.linesPublished == 1)
    }

    @Test func `a service that fails for a while is asked again, one that refuses is not`() async throws {
        let patient = Scene()
        let failing = ScriptedHistory(
            .failure(.unavailable("503", retryAfter: nil)),
            .failure(.unavailable("429", retryAfter: .milliseconds(1))),
            Scene.answer(1, 4, 9)
        )
        try await patient.run(failing)
        #expect(patient.result?.isComplete == true)

        let refused = Scene()
        try await refused.run(ScriptedHistory(.failure(.refused("channel_ignored"))))
        #expect(refused.result?.failure == "channel_ignored" && refused.result?.isComplete == false)

        let down = Scene()
        let dead = ScriptedHistory(.failure(.unavailable("no answer in time", retryAfter: nil)))
        try await down.run(dead)
        #expect(down.result?.failure == "no answer in time" && dead.requests.count == 4)
    }

    @Test func `a service that did not listen says so`() async throws {
        let scene = Scene()
        try await scene.run(ScriptedHistory(.success(HistoryAnswer(errorCode: "channel_not_joined"))))
        #expect(scene.result?.failure == "channel_not_joined" && scene.messages.isEmpty)
    }

    @Test func `lines of other channels, without identity, or beyond the hole are left out`() async throws {
        let scene = Scene()
        let strange = [
            Scene.line(1), "", "@broken", "PRIVMSG", Scene.line(4).replacing("#alpha", with: "#beta"),
            "@msg-id=slow_on;historical=1 :tmi.twitch.tv NOTICE #alpha :This room is now in slow mode.",
            "@room-id=9;slow=0;historical=1 :tmi.twitch.tv ROOMSTATE #alpha",
            "@room-id=9;target-user-id=7;tmi-sent-ts=\(Scene.time(5).rawValue);historical=1 :tmi.twitch.tv CLEARCHAT #alpha ola",
            Scene.line(9), Scene.line(11),
        ]
        // As many lines as were asked for: there may be more, but the message before the hole is among these.
        try await scene.run(ScriptedHistory(.success(HistoryAnswer(messages: strange))))
        let types = scene.published.withLock { $0.map(\.type) }
        #expect(types == [.ban, .collectionBackfilled])
        #expect(scene.result?.isComplete == true)
        guard case .ban(let ban) = scene.published.withLock({ $0.first }) else { return }
        #expect(ban.backfilled == true && ban.userLogin == "ola" && ban.isPermanent)
    }
}
