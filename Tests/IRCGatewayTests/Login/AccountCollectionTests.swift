import Protocol
import TestSupport
import Testing
import TwitchChat

@testable import irc_gateway

/// The gateway and an account, against a server that may refuse it.
@Suite(.timeLimit(.minutes(10))) struct AccountCollectionTests {
    @Test func `with a token it logs in as the token's user`() async throws {
        try await running(["alpha"], TestTokens("abc")) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 1 }
            #expect(twitch.visitors.map(\.pass) == ["oauth:abc"])
            #expect(twitch.visitors.map(\.nick) == ["harborlog"])
            #expect(gateway.rejections.isEmpty)
        }
    }

    @Test func `it waits a moment for a token that is expected, and no longer`() async throws {
        let tokens = TestTokens()
        let patient = tokens.credentials(grace: .seconds(60))
        async let first = patient.credentials(for: 1)
        tokens.issue("abc")
        #expect(await first.nick == "harborlog")

        let hasty = TestTokens().credentials(grace: .milliseconds(20))
        #expect(await !hasty.credentials(for: 1).isAccount)
    }

    @Test func `a token without chat:read is not tried`() async throws {
        let tokens = TestTokens()
        tokens.issue("abc", scopes: ["user:read:email"])
        let credentials = tokens.credentials()
        #expect(await !credentials.credentials(for: 1).isAccount)
        #expect(credentials.obstacle?.contains("chat:read") == true)
    }

    @Test(arguments: ["Login authentication failed", "Improperly formatted AUTH"])
    func `a refused token is reported once, by its fingerprint, and reading goes on without it`(
        notice: String
    ) async throws {
        let tokens = TestTokens("bad")
        let behaving = { (twitch: inout ScriptedTwitch.Behaviour) in
            twitch.passNotice = { $0 == "oauth:bad" ? notice : nil }
        }
        try await running(["alpha"], tokens, behaving: behaving) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 1 }
            try await eventually("told") { gateway.rejections.count == 1 }
            #expect(gateway.rejections.map(\.fingerprint) == ["print-of-bad"])
            #expect(gateway.rejections.map(\.reason) == [notice])
            let envelope = try #require(gateway.envelopes.first { $0.event.type == .tokenRejected })
            #expect(envelope.subject == "_")
            #expect(!"\(gateway.envelopes)".contains("oauth:bad"))

            // The same token is not tried again, not even under another version; a new one is, at the next reconnect.
            tokens.issue("bad", version: 2)
            twitch.visitors.last?.cut()
            try await eventually("joined again") { gateway.starts.count == 2 }
            tokens.issue("good", version: 3)
            #expect(twitch.open.count == 1)
            twitch.visitors.last?.cut()
            try await eventually("joined with the new token") { gateway.starts.count == 3 }
            #expect(twitch.visitors.map(\.pass) == ["oauth:bad", nil, nil, "oauth:good"])
            #expect(gateway.rejections.count == 1)
        }
    }

    @Test func `a new token does not touch a running connection`() async throws {
        let tokens = TestTokens("first")
        try await running(["alpha"], tokens) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 1 }
            tokens.issue("second", version: 2)
            tokens.withdraw()
            tokens.issue("third", version: 3)
            twitch.visitors[0].send(Chat.message(1, in: "alpha"))
            try await eventually("it reads on") { gateway.messageIDs.count == 1 }
            #expect(twitch.visitors.count == 1 && twitch.visitors[0].isOpen)
            twitch.visitors[0].send(":tmi.twitch.tv RECONNECT")
            try await eventually("moved") { gateway.starts.count == 2 && !twitch.visitors[0].isOpen }
            #expect(twitch.visitors.map(\.pass) == ["oauth:first", "oauth:third"])
        }
    }

    @Test(arguments: ["Login unsuccessful", "Invalid NICK", "Error logging in"])
    func `what may be a rate limit is no proof against the token`(notice: String) async throws {
        let tokens = TestTokens("abc")
        let policy = AccountUse.Policy(firstRest: .milliseconds(200), longestRest: .milliseconds(200))
        let behaving = { (twitch: inout ScriptedTwitch.Behaviour) in twitch.passNotice = { _ in notice } }
        try await running(["alpha"], tokens, policy: policy, behaving: behaving) { twitch, gateway in
            try await eventually("read anonymously") { gateway.starts.count == 1 }
            #expect(twitch.visitors.map(\.pass) == ["oauth:abc", nil])
            twitch.change { $0.passNotice = { _ in nil } }
            let rested = ContinuousClock.now + .milliseconds(200)
            try await eventually("the rest is over") { ContinuousClock.now > rested }
            twitch.visitors[1].cut()
            try await eventually("joined again") { gateway.starts.count == 2 }
            #expect(twitch.visitors.last?.pass == "oauth:abc")
            #expect(gateway.rejections.isEmpty)
        }
    }

    @Test func `an account whose logins are cut without a word gives way to anonymous reading`() async throws {
        let behaving = { (twitch: inout ScriptedTwitch.Behaviour) in twitch.cutsAccounts = true }
        try await running(["alpha"], TestTokens("abc"), behaving: behaving) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 1 }
            #expect(twitch.visitors.map(\.pass) == ["oauth:abc", "oauth:abc", nil])
            #expect(gateway.rejections.isEmpty)
        }
    }

    @Test func `a token that dies during a planned reconnect leaves the old connection in service`() async throws {
        let tokens = TestTokens("abc")
        try await running(["alpha", "beta"], tokens) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 2 }
            let old = twitch.visitors[0]
            twitch.change {
                $0.passNotice = { _ in "Login authentication failed" }
                $0.answersJoin = { $0 == "alpha" }
            }
            old.send(":tmi.twitch.tv RECONNECT")
            try await eventually("an anonymous one takes over") { gateway.starts.count == 3 }
            old.send(Chat.message(1, in: "beta"))
            try await eventually("nothing is missed meanwhile") { gateway.messageIDs.count == 1 }
            #expect(twitch.visitors.map(\.pass) == ["oauth:abc", "oauth:abc", nil])
            try await eventually("told") { gateway.rejections.count == 1 }
        }
    }

    @Test func `only as many connections use the account as fit into its rooms`() async throws {
        let channels = (0..<90).map { "channel_\($0)" }
        try await running(channels, TestTokens("abc"), capacity: 30, joinLimit: 100) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 90 }
            #expect(twitch.visitors.count(where: { $0.pass == "oauth:abc" }) == 3)
        }
        try await running(channels, TestTokens("abc"), capacity: 40, joinLimit: 100) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 90 }
            #expect(twitch.visitors.count(where: { $0.pass == "oauth:abc" }) == 2)
            #expect(twitch.visitors.count(where: { $0.pass == nil }) == 1)
        }
    }

    @Test(arguments: ["msg_banned", "msg_concurrent_channel_limit_reached"])
    func `a channel that does not let the account in is read anonymously`(notice: String) async throws {
        let behaving = { (twitch: inout ScriptedTwitch.Behaviour) in
            twitch.accountRefusal = { $0 == "beta" ? notice : nil }
        }
        try await running(["alpha", "beta"], TestTokens("abc"), behaving: behaving) { twitch, gateway in
            try await eventually("both are joined") { gateway.starts.count == 2 }
            let anonymous = try #require(twitch.visitors.first { $0.pass == nil })
            #expect(anonymous.joins == ["beta"])
            anonymous.send(Chat.message(1, in: "beta"))
            try await eventually("it is read") { gateway.messageIDs.count == 1 }
            #expect(twitch.open.count == 2)
            // Off the list and on it again: the account is tried anew.
            gateway.collect(["alpha"])
            try await eventually("the anonymous connection is closed") { twitch.open.count == 1 }
            twitch.change { $0.accountRefusal = { _ in nil } }
            gateway.collect(["alpha", "beta"])
            try await eventually("joined with the account") { gateway.starts.count == 3 }
            #expect(twitch.open.count == 1)
        }
    }

    @Test func `a refused token keeps nobody waiting whose journal is full`() async throws {
        try await running(["alpha"], TestTokens("abc")) { twitch, gateway in
            try await eventually("joined") { gateway.starts.count == 1 }
            twitch.change { $0.passNotice = { _ in "Login authentication failed" } }
            gateway.fill()
            twitch.visitors[0].send(":tmi.twitch.tv RECONNECT")
            try await eventually("anonymous") { twitch.visitors.count == 3 }
            gateway.drain()
            try await eventually("told") { gateway.rejections.count == 1 }
        }
    }

    private func running(
        _ channels: [String],
        _ tokens: TestTokens,
        capacity: Int = 90,
        joinLimit: Int = 20,
        policy: AccountUse.Policy = .init(),
        behaving: (inout ScriptedTwitch.Behaviour) -> Void = { _ in },
        _ body: (ScriptedTwitch, Gateway) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try await ScriptedTwitch.running { twitch in
                twitch.change(behaving)
                var settings = Gateway.Settings()
                settings.capacity = capacity
                settings.joinLimit = joinLimit
                settings.credentials = tokens.credentials(channelsPerReader: capacity, policy: policy)
                let gateway = try Gateway(twitch.url, channels, in: directory, settings)
                try await gateway.running { try await body(twitch, gateway) }
            }
        }
    }
}
