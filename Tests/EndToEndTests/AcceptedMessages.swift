import EventBus
import Logging
import Protocol

extension Stack {
    /// The ids of all messages that the gateway's journal holds.
    func acceptedMessageIDs() async throws -> Set<String> {
        try await AcceptedMessages.served(by: "ipc://\(directory)/state/bus/irc-gateway-*")
    }
}

/// What a gateway has accepted.
enum AcceptedMessages {
    /// The ids of all messages that a running gateway's journal holds, fetched from its beginning as any follower could.
    static func served(by endpoint: String) async throws -> Set<String> {
        let follower = try EventFollower(
            .init(endpoints: [endpoint], topics: ["chat."]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follower.run() }
            var ids: Set<String> = []
            var quietLooks = 0
            // The journal is complete when nothing has come for eight heartbeats after the first event.
            while quietLooks < 4, let events = await follower.next(4096, within: .seconds(1)) {
                quietLooks = events.isEmpty && !ids.isEmpty ? quietLooks + 1 : 0
                for event in events {
                    switch event {
                    case .producer(let hello): await follower.follow(hello.producer, from: .after([:]))
                    case .event(let received):
                        if case .chatMessage(let message) = try EventCodec.decode(received.json).event {
                            ids.insert(message.messageID)
                        }
                    case .truncated, .missed, .overrun, .silent, .acknowledged: break
                    }
                }
            }
            group.cancelAll()
            return ids
        }
    }
}
