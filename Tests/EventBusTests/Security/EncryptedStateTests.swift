import Foundation
import Protocol
import TestSupport
import Testing

@testable import EventBus

/// States asked for with SNAP, over real sockets.
@Suite(.timeLimit(.minutes(10)))
struct EncryptedStateTests {
    private func withPoller(
        bind: String,
        body: (String, BusKeys, String) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "stream-poller", "collector")
            let publisher = try EventPublisher(
                .init(
                    service: "stream-poller",
                    prefix: "sp",
                    stateDirectory: directory,
                    bind: bind,
                    journal: JournalConfiguration(sync: .normal),
                    security: try keys.security("stream-poller")
                ),
                logger: quiet
            )
            publisher.setSnapshot("state.streams", version: 7, json: Array(#"{"streams":[]}"#.utf8))
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                try await body(try #require(publisher.endpoint), keys, directory)
            }
        }
    }

    private func ask(_ endpoint: String, _ security: BusSecurity?, within limit: Duration) async throws
        -> [StateQuery.Answer]
    {
        var configuration = EventFollower.Configuration(endpoints: [], security: security)
        configuration.follow([endpoint], of: "stream-poller")
        return try await StateQuery(configuration).ask("state.streams", within: limit)
    }

    @Test func `a state is answered to whom the producer trusts, and to nobody else`() async throws {
        try await withPoller(bind: "tcp://127.0.0.1:*") { endpoint, keys, directory in
            let answers = try await ask(endpoint, keys.security("collector"), within: .seconds(30))
            #expect(answers.map(\.version) == [7])
            #expect(answers.first.map { String(decoding: $0.state, as: UTF8.self) } == #"{"streams":[]}"#)
            let stranger = try keys.stranger("collector", in: directory + "/elsewhere")
            #expect(try await ask(endpoint, stranger, within: .milliseconds(500)).isEmpty)
            #expect(try await ask(endpoint, nil, within: .milliseconds(500)).isEmpty)
        }
    }

    @Test func `a producer introduces itself to whom it trusts`() async throws {
        try await withPoller(bind: "tcp://127.0.0.1:*") { endpoint, keys, _ in
            var configuration = EventFollower.Configuration(endpoints: [], security: try keys.security("collector"))
            configuration.follow([endpoint], of: "stream-poller")
            let found = try await StateQuery(configuration).producers(within: .seconds(30))
            #expect(found.map(\.service) == ["stream-poller"])
            configuration.security = nil
            #expect(try await StateQuery(configuration).producers(within: .milliseconds(500)).isEmpty)
        }
    }

    @Test func `where nobody answers the question ends`() async throws {
        try await withTemporaryDirectory { directory in
            let none = try await ask("ipc://\(directory)/bus/stream-poller-*", nil, within: .milliseconds(200))
            #expect(none.isEmpty)
            let silent = try await ask("ipc://\(directory)/nobody", nil, within: .milliseconds(200))
            #expect(silent.isEmpty)
        }
    }
}
