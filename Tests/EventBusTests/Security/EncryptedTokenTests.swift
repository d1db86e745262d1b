import Foundation
import Protocol
import TestSupport
import Testing
import ZeroMQ

@testable import EventBus

/// The token endpoint over real tcp with CURVE.
@Suite(.timeLimit(.minutes(10)))
struct EncryptedTokenTests {
    private let refused = "a client with a key that is not allowed was refused"

    /// Runs a token service on any free port while `body` does.
    private func withTokenService(
        _ names: String...,
        body: (TokenPublisher, String, BusKeys, String, CapturedLog) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "token-service", "irc-gateway")
            for name in names { try keys.directory.make(name) }
            let log = CapturedLog()
            let publisher = try TokenPublisher.test(directory, logger: log.logger) {
                $0.bind = "tcp://127.0.0.1:*"
                $0.security = try? keys.security("token-service")
            }
            publisher.issue(token("user", 1))
            try await running(publisher.run) {
                try await eventually("strangers were refused at the start") { publisher.endpoint != nil }
                let endpoint = try #require(publisher.endpoint)
                try await body(publisher, endpoint, keys, directory, log)
            }
        }
    }

    @Test func `an allowed service gets the token, a stranger with a key of its own does not`() async throws {
        try await withTokenService { publisher, endpoint, keys, directory, log in
            let friend = try TokenFollower.test([endpoint], security: keys.security("irc-gateway"))
            let security = try keys.stranger("irc-gateway", in: directory + "/elsewhere")
            let stranger = try TokenFollower.test([endpoint], security: security)
            try await running(friend.run) {
                try await running(stranger.run) {
                    try await eventually("the friend has it") { friend.current("user") == token("user", 1) }
                    publisher.issue(token("user", 2))
                    try await eventually("live too") { friend.current("user") == token("user", 2) }
                    let key = security.pair.publicKey
                    try await eventually("the stranger tried again and again") {
                        log.all.count { $0.contains(refused) && $0.contains(key) } > 1
                    }
                    #expect(stranger.current("user") == nil && !stranger.isFollowing)
                }
            }
        }
    }

    @Test func `a trusted key that has no business with tokens is refused`() async throws {
        try await withTokenService("writer") { _, endpoint, keys, _, log in
            let writer = try TokenFollower.test([endpoint], security: keys.security("writer"))
            try await running(writer.run) {
                try await eventually("refused, and said whose key it is") {
                    log.all.contains { $0.contains(refused) && $0.contains("writer has no business here") }
                }
                #expect(writer.current("user") == nil)
            }
        }
    }

    @Test func `without a key nothing is read, neither live nor by request`() async throws {
        try await withTokenService { publisher, endpoint, keys, _, _ in
            let friend = try TokenFollower.test([endpoint], security: keys.security("irc-gateway"))
            let context = try Context()
            let events = try Socket(.sub, in: context)
            try events.subscribe("")
            try events.connect(endpoint)
            let requests = try Socket(.dealer, in: context)
            try requests.connect(BusAddress(endpoint).requests)
            try requests.send(BusRequest.snap(SnapRequest(request: 1, topic: "state.tokens")).encode())
            try await running(friend.run) {
                for version in 2...20 {
                    publisher.issue(token("user", version))
                    try await eventually("version \(version)") { friend.current("user")?.version == version }
                }
            }
            #expect(try events.receive() == nil)
            #expect(try requests.receive() == nil)
        }
    }

    @Test func `a key that is removed loses its open connection, and gets it back when it is allowed again`()
        async throws
    {
        try await withTokenService("stream-poller") { publisher, endpoint, keys, _, _ in
            let gateway = try TokenFollower.test([endpoint], security: keys.security("irc-gateway"))
            let poller = try TokenFollower.test([endpoint], security: keys.security("stream-poller"))
            try await running(gateway.run) {
                try await running(poller.run) {
                    try await eventually("both") { gateway.isFollowing && poller.isFollowing }
                    let key = try keys.remove("irc-gateway")
                    try await eventually("it is shut out") { !gateway.isFollowing }
                    publisher.issue(token("user", 2))
                    try await eventually("the other one goes on") { poller.current("user")?.version == 2 }
                    #expect(gateway.current("user")?.version == 1)
                    try keys.allow("irc-gateway", key)
                    try await eventually("it is back") { gateway.current("user")?.version == 2 }
                }
            }
        }
    }

    @Test func `a service whose key is made later gets in without a restart of anybody`() async throws {
        try await withTokenService { _, endpoint, keys, directory, _ in
            let security = try keys.stranger("stream-poller", in: directory + "/poller")
            let poller = try TokenFollower.test([endpoint], security: security)
            try await running(poller.run) {
                let file = keys.directory.publicFile("stream-poller")
                try FileManager.default.copyItem(atPath: security.directory.publicFile("stream-poller"), toPath: file)
                try await eventually("it is let in") { poller.current("user") != nil }
            }
        }
    }

    @Test func `a follower is not deceived by somebody else on the token service's port`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "token-service", "irc-gateway")
            let imposter = try BusKeys(directory + "/imposter", "token-service")
            try imposter.allow("irc-gateway", Data(contentsOf: URL(filePath: keys.directory.publicFile("irc-gateway"))))
            let publisher = try TokenPublisher.test(directory) {
                $0.bind = "tcp://127.0.0.1:*"
                $0.security = try? imposter.security("token-service")
            }
            publisher.issue(token("user", 9, "forged"))
            try await running(publisher.run) {
                try await eventually("bound") { publisher.endpoint != nil }
                let endpoint = try #require(publisher.endpoint)
                let log = CapturedLog()
                let follower = try TokenFollower.test(
                    [endpoint],
                    logger: log.logger,
                    security: keys.security("irc-gateway")
                )
                let deceivable = try TokenFollower.test([endpoint], security: trusting(imposter, keys))
                try await running(follower.run) {
                    try await running(deceivable.run) {
                        try await eventually("who trusts it does") { deceivable.current("user") != nil }
                        #expect(follower.current("user") == nil)
                    }
                }
            }
        }
    }

    /// The gateway's key, on a machine with the imposter's idea of who the token service is.
    private func trusting(_ imposter: BusKeys, _ keys: BusKeys) throws -> BusSecurity {
        try FileManager.default.copyItem(
            atPath: keys.directory.keyFile("irc-gateway"),
            toPath: imposter.directory.keyFile("irc-gateway")
        )
        return try imposter.security("irc-gateway")
    }
}
