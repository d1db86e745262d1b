import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// Real sockets in a private directory.
@Suite(.timeLimit(.minutes(10)))
struct TokenEndpointTests {
    @Test func `a follower gets what was issued before it came and what is issued after`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try TokenPublisher.test(directory)
            publisher.issue(token("user", 1))
            let heard = Heard<String>()
            let follower = try TokenFollower.test(directory) { kind, token in
                heard.add("\(kind) \(token?.version ?? 0)")
            }
            #expect(follower.current("user") == nil && !follower.isFollowing)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await eventually("the first token") { follower.current("user") == token("user", 1) }
                    #expect(follower.isFollowing)
                    publisher.issue(token("app", 7))
                    publisher.issue(token("user", 2))
                    try await eventually("both") {
                        follower.current("user") == token("user", 2) && follower.current("app") == token("app", 7)
                    }
                }
            }
            #expect(heard.all == ["user 1", "app 7", "user 2"])
        }
    }

    @Test func `a follower that is started first finds the token service later`() async throws {
        try await withTemporaryDirectory { directory in
            // One by pattern and one by path: the directory does not even exist.
            let followers = [
                try TokenFollower.test(directory),
                try TokenFollower.test(["ipc://\(directory)/bus/token-service-0"]),
            ]
            try await running(followers[0].run) {
                try await running(followers[1].run) {
                    let publisher = try TokenPublisher.test(directory)
                    publisher.issue(token("user", 1))
                    try await running(publisher.run) {
                        try await eventually("both have it") { followers.allSatisfy { $0.current("user") != nil } }
                    }
                }
            }
        }
    }

    @Test func `a withdrawn token is forgotten, and another one is not touched`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try TokenPublisher.test(directory)
            publisher.issue(token("user", 1))
            publisher.issue(token("app", 1))
            let follower = try TokenFollower.test(directory)
            try await running(publisher.run) {
                try await running(follower.run) {
                    try await eventually("both") { follower.current("user") != nil && follower.current("app") != nil }
                    publisher.withdraw(kind: "app", fingerprint: "0000000000000000", reason: "not this one")
                    let fingerprint = TokenFingerprint.of(token("user", 1).accessToken)
                    publisher.withdraw(kind: "user", fingerprint: fingerprint, reason: "refused")
                    try await eventually("forgotten") { follower.current("user") == nil }
                    #expect(follower.current("app") != nil)
                }
                // Who comes later is not told of it either.
                let late = try TokenFollower.test(directory)
                try await running(late.run) {
                    try await eventually("the state") { late.isFollowing }
                    #expect(late.current("user") == nil && late.current("app") != nil)
                }
            }
        }
    }

    @Test func `a follower outlives restarts of the token service, and forgets what was withdrawn meanwhile`()
        async throws
    {
        try await withTemporaryDirectory { directory in
            let follower = try TokenFollower.test(directory)
            try await running(follower.run) {
                for version in 1...3 {
                    let publisher = try TokenPublisher.test(directory)
                    publisher.issue(token("user", version))
                    if version == 1 { publisher.issue(token("app", 1)) }
                    try await running(publisher.run) {
                        try await eventually("version \(version)") { follower.current("user")?.version == version }
                        try await eventually("the app's token is known only at first") {
                            (follower.current("app") != nil) == (version == 1)
                        }
                    }
                    // Nobody is there: what is known stays current.
                    #expect(follower.current("user")?.version == version)
                }
            }
        }
    }

    @Test func `a lower version is not published, and does not replace a higher one after a restart`() async throws {
        try await withTemporaryDirectory { directory in
            let follower = try TokenFollower.test(directory)
            try await running(follower.run) {
                let publisher = try TokenPublisher.test(directory)
                try await running(publisher.run) {
                    publisher.issue(token("user", 5))
                    publisher.issue(token("user", 4, "older"))
                    publisher.issue(token("user", 5, "same"))
                    publisher.issue(token("app", 1))
                    try await eventually("all have come") { follower.current("app") != nil }
                    #expect(follower.current("user") == token("user", 5))
                }
                let again = try TokenPublisher.test(directory)
                again.issue(token("user", 3, "restored"))
                again.issue(token("app", 2))
                try await running(again.run) {
                    try await eventually("the new state") { follower.current("app")?.version == 2 }
                    #expect(follower.current("user") == token("user", 5))
                }
            }
        }
    }

    @Test func `one token service runs for a state directory, and its place is free after it`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try TokenPublisher.test(directory)
            let error = #expect(throws: TokenEndpointError.self) { try TokenPublisher.test(directory) }
            #expect(error?.description.contains("another token-service") == true)
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                #expect(publisher.endpoint == "ipc://\(directory)/bus/token-service-0")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/bus").isEmpty)
            _ = try TokenPublisher.test(directory)
        }
    }

    @Test func `requests that are not for a state are refused with a reason`() async throws {
        try await withTemporaryDirectory { directory in
            let publisher = try TokenPublisher.test(directory)
            publisher.issue(token("user", 1))
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                let asker = try Socket(.dealer, in: Context())
                try asker.connect("ipc://\(directory)/bus/token-service-0.req")
                let requests: [BusRequest] = [
                    .hello(HelloRequest(request: 1)), .heads(HeadsRequest(request: 2)),
                    .snap(SnapRequest(request: 3, topic: "state.tokens")),
                    .snap(SnapRequest(request: 4, topic: "state.other")),
                    .fetch(FetchRequest(request: 5, after: [0: .zero], maxBytes: 1000)),
                    .ack(AckRequest(request: 6, group: "writer", database: "d", committed: [:])),
                ]
                for request in requests { try asker.send(request.encode()) }
                try asker.send(Array("NONSENSE {\"request\":7}".utf8))
                var replies: [BusReply] = []
                try await eventually("an answer to each") {
                    while let reply = try asker.receive() { replies.append(try BusReply.decode(reply)) }
                    return replies.count == 7
                }
                #expect(replies.map(\.request) == Array(1...7))
                #expect(
                    replies.map(Self.word) == [
                        "hello", "heads", "snap", "unknown_topic", "unavailable", "unavailable", "unknown_verb",
                    ]
                )
            }
        }
    }

    private static func word(_ reply: BusReply) -> String {
        switch reply {
        case .hello: "hello"
        case .heads: "heads"
        case .snap: "snap"
        case .error(let error): error.code
        case .fetch, .ack: "unexpected"
        }
    }
}
