import Foundation
import Protocol
import TestSupport
import Testing

@testable import EventBus

/// A token is nowhere but on its endpoint.
@Suite(.timeLimit(.minutes(10)))
struct TokenSecrecyTests {
    @Test func `it is in no log, no description and no file, whatever happens to it`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CapturedLog()
            let publisher = try TokenPublisher.test(directory, logger: log.logger)
            let follower = try TokenFollower.test(directory, logger: log.logger)
            let secret = token("user", 1).accessToken
            publisher.issue(token("user", 1))
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await eventually("received") { follower.current("user") != nil }
                    publisher.issue(token("user", 1))
                    publisher.withdraw(kind: "user", fingerprint: TokenFingerprint.of(secret), reason: "refused")
                    try await eventually("forgotten") { follower.current("user") == nil }
                    publisher.issue(token("user", 2, secret))
                    try await eventually("received again") { follower.current("user") != nil }
                    var dumped = ""
                    dump(publisher, to: &dumped)
                    dump(follower, to: &dumped)
                    dumped +=
                        "\(publisher) \(follower) \(String(reflecting: publisher)) \(String(reflecting: follower))"
                    #expect(!dumped.contains(secret))
                    #expect(try Self.files(in: directory, holding: secret).isEmpty)
                }
            }
            #expect(log.all.count > 4)
            #expect(!log.text.contains(secret))
        }
    }

    @Test func `a gateway's journal does not take it`() async throws {
        try await withTemporaryDirectory { directory in
            let log = CapturedLog()
            var configuration = EventPublisher.Configuration(
                service: "irc-gateway",
                prefix: "gw",
                stateDirectory: directory
            )
            configuration.journal.sync = .normal
            let publisher = try EventPublisher(configuration, logger: log.logger)
            let follower = try EventFollower.test(directory) { $0.topics = ["chat.", "stream.", "token."] }
            let secret = token("user", 1).accessToken
            let mistake = EventDraft(
                domain: .token,
                subject: "_",
                time: Timestamp(milliseconds: 0),
                event: .tokenIssued(token("user", 1))
            )
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await publisher.publish([draft(alice, "0"), mistake, draft(alice, "1")])
                    var consumer = Consumer()
                    try await consumer.take(2, from: follower)
                    #expect(consumer.texts == [alice: ["0", "1"]])
                }
            }
            #expect(try Self.files(in: directory, holding: secret).isEmpty)
            #expect(log.text.contains("a token must not enter a journal"))
            #expect(!log.text.contains(secret))
        }
    }

    @Test func `a tap that is pointed at the token endpoint shows nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try TokenPublisher.test(directory)
            // As `collector tap` does: live, whatever is chat.
            let tap = try EventFollower.test(directory, group: nil) {
                $0.endpoints = ["ipc://\(directory)/bus/token-service-*"]
                $0.recovery = .report
                $0.topics = ["chat."]
            }
            let follower = try TokenFollower.test(directory)
            try await running(publisher.run) {
                try await running(tap.run) {
                    try await running(follower.run) {
                        var found = false
                        for version in 1...50 {
                            publisher.issue(token("user", version))
                            try await eventually("published") { follower.current("user")?.version == version }
                            for event in await tap.next(100, within: .zero) ?? [] {
                                if case .producer(let hello) = event {
                                    found = true
                                    await tap.follow(hello.producer, from: .head)
                                }
                                if case .event = event { Issue.record("a tap got an event of the token endpoint") }
                            }
                        }
                        try await eventually("the tap has met the token service") {
                            if case .producer = await tap.next(1, within: .zero)?.first { found = true }
                            return found
                        }
                    }
                }
            }
        }
    }

    /// The files below a folder that hold a text.
    private static func files(in directory: String, holding text: String) throws -> [String] {
        let needle = Data(text.utf8)
        return try FileManager.default.subpathsOfDirectory(atPath: directory).filter { path in
            guard let content = FileManager.default.contents(atPath: "\(directory)/\(path)") else { return false }
            return content.range(of: needle) != nil
        }
    }
}
