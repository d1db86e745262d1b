import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// Event endpoints over real tcp with CURVE.
@Suite(.timeLimit(.minutes(10)))
struct EncryptedEventTests {
    private func withGateway(
        body: (EventPublisher, String, BusKeys, String, CapturedLog) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "irc-gateway", "writer", "collector")
            let log = CapturedLog()
            var configuration = EventPublisher.Configuration(
                service: "irc-gateway",
                prefix: "gw",
                stateDirectory: directory,
                bind: "tcp://127.0.0.1:*",
                journal: JournalConfiguration(sync: .normal),
                security: try keys.security("irc-gateway")
            )
            configuration.timing.access = .milliseconds(100)
            let publisher = try EventPublisher(configuration, logger: log.logger)
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                try await body(publisher, try #require(publisher.endpoint), keys, directory, log)
            }
        }
    }

    private func follower(_ endpoint: String, _ security: BusSecurity?) throws -> EventFollower {
        var configuration = EventFollower.Configuration(endpoints: [endpoint], group: "writer", security: security)
        configuration.timing.silence = .milliseconds(800)
        configuration.timing.requestTimeout = .milliseconds(800)
        configuration.timing.rescan = .milliseconds(100)
        return try EventFollower(configuration, logger: quiet)
    }

    @Test func `who has a public key there follows; a stranger with a key, and one without, get nothing`() async throws
    {
        try await withGateway { publisher, endpoint, keys, directory, log in
            let friend = try follower(endpoint, keys.security("writer"))
            let stranger = try follower(endpoint, keys.stranger("writer", in: directory + "/elsewhere"))
            let nobody = try follower(endpoint, nil)
            try await running(friend.run) {
                try await running(stranger.run) {
                    try await running(nobody.run) {
                        try await publisher.publish(numbers: 0..<200, alice)
                        var consumer = Consumer()
                        try await consumer.take(200, from: friend)
                        #expect(consumer.texts[alice] == numbers(0..<200))
                        try await eventually("the stranger tried again") {
                            log.all.count { $0.contains("a client with a key that is not allowed was refused") } > 1
                        }
                        #expect(stranger.queuedEvents == 0 && nobody.queuedEvents == 0)
                        #expect(await stranger.next(1, within: .zero)?.isEmpty == true)
                        #expect(await nobody.next(1, within: .zero)?.isEmpty == true)
                    }
                }
            }
        }
    }

    @Test func `a removed key is shut out, and loses nothing when it comes back`() async throws {
        try await withGateway { publisher, endpoint, keys, _, log in
            let writer = try follower(endpoint, keys.security("writer"))
            try await running(writer.run) {
                var consumer = Consumer()
                try await publisher.publish(numbers: 0..<50, alice)
                try await consumer.take(50, from: writer)
                let key = try keys.remove("writer")
                try await eventually("it was refused") {
                    log.all.contains { $0.contains("a client with a key that is not allowed was refused") }
                }
                try await publisher.publish(numbers: 50..<100, alice)
                try await eventually("accepted") { publisher.queuedEvents == 0 }
                try keys.allow("writer", key)
                try await consumer.take(100, from: writer)
                #expect(consumer.texts[alice] == numbers(0..<100))
            }
        }
    }

    @Test func `keys decide what an address needs`() async throws {
        try await withTemporaryDirectory { directory in
            let security = try BusKeys(directory + "/keys", "irc-gateway").security("irc-gateway")
            func isEncrypted(_ endpoint: String, _ security: BusSecurity?, plaintext: Bool = false) throws -> Bool {
                try EventEncryption.required(
                    of: BusAddress(endpoint),
                    security: security,
                    allowsPlaintext: plaintext
                ) != nil
            }
            #expect(try isEncrypted("tcp://0.0.0.0:7001", security))
            #expect(try isEncrypted("tcp://127.0.0.1:7001", security))
            #expect(try !isEncrypted("ipc:///tmp/x", security))
            #expect(try !isEncrypted("tcp://127.0.0.1:7001", nil))
            #expect(try !isEncrypted("tcp://0.0.0.0:7001", nil, plaintext: true))
            #expect(try !isEncrypted("tcp://0.0.0.0:7001", security, plaintext: true))
            let error = #expect(throws: BusAddressError.self) { try isEncrypted("tcp://0.0.0.0:7001", nil) }
            #expect(error?.description.contains("collector keys generate") == true)
            #expect(error?.description.contains("BUS_ALLOW_PLAINTEXT=1") == true)
        }
    }

    @Test func `each service of a follower has its own key, and a missing one is named at the start`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "irc-gateway", "writer")
            var configuration = EventFollower.Configuration(
                endpoints: ["tcp://127.0.0.1:7001"],
                security: try keys.security("writer")
            )
            configuration.follow(["tcp://127.0.0.1:7003", "ipc://\(directory)/x"], of: "stream-poller")
            let error = #expect(throws: BusSecurityError.self) { try configuration.patterns() }
            #expect(error?.description.contains("stream-poller.pub") == true)
            try keys.directory.make("stream-poller")
            #expect(try configuration.patterns().map(\.address.keyName) == ["irc-gateway", "stream-poller", nil])
            configuration.allowsPlaintext = true
            #expect(try configuration.patterns().map(\.address.keyName) == [nil, nil, nil])
        }
    }
}
