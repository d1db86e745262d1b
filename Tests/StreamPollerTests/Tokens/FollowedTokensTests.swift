import EventBus
import Logging
import Protocol
import ServiceRuntime
import Synchronization
import TestSupport
import Testing
import TwitchAPI

@testable import stream_poller

@Suite struct FollowedTokensTests {
    private final class Told: Sendable {
        let drafts = Mutex<[EventDraft]>([])
        var count: Int { drafts.withLock { $0.count } }
    }

    private let told = Told()

    private func tokens() -> FollowedTokens {
        FollowedTokens(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) { [told] draft in
            told.drafts.withLock { $0.append(draft) }
        }
    }

    private func token(_ text: String, kind: String = "app", version: Int = 1) -> TokenIssued {
        TokenIssued(kind: kind, accessToken: text, clientID: "client", version: version)
    }

    @Test func `the app's token comes before a user's, and a user's will do`() async {
        let tokens = tokens()
        #expect(tokens.presence == .none)
        tokens.changed("user", token("u", kind: "user"))
        #expect(await tokens.credentials()?.kind == "user")
        tokens.changed("app", token("a"))
        #expect(await tokens.credentials()?.kind == "app")
        #expect(tokens.presence == .there)
    }

    @Test func `a refused token is told once, by its fingerprint, and not used again`() async throws {
        let tokens = tokens()
        tokens.changed("app", token("secret-a"))
        let refused = try #require(await tokens.credentials())
        await tokens.rejected(refused, reason: "401 from Helix")
        await tokens.rejected(refused, reason: "401 from Helix")
        #expect(tokens.presence == .refused)
        #expect(told.count == 1)
        let draft = try #require(told.drafts.withLock { $0.first })
        #expect(draft.domain == .token && draft.subject == "_" && draft.type == .tokenRejected)
        let text = String(decoding: draft.data, as: UTF8.self)
        #expect(text.contains(TokenFingerprint.of("secret-a")) && !text.contains("secret-a"))
        tokens.changed("app", token("secret-b", version: 2))
        #expect(await tokens.credentials()?.token.reveal() == "secret-b")
    }

    @Test func `when the app's token is refused the user's is used`() async throws {
        let tokens = tokens()
        tokens.changed("user", token("u", kind: "user"))
        tokens.changed("app", token("a"))
        let refused = try #require(await tokens.credentials())
        await tokens.rejected(refused, reason: "401")
        #expect(await tokens.replacement(of: refused, within: .seconds(60))?.kind == "user")
    }

    @Test func `a waiting request gets the next token as soon as it comes`() async throws {
        let tokens = tokens()
        tokens.changed("app", token("a"))
        let refused = try #require(await tokens.credentials())
        await tokens.rejected(refused, reason: "401")
        async let replacement = tokens.replacement(of: refused, within: .seconds(60))
        tokens.changed("app", token("b", version: 2))
        #expect(await replacement?.token.reveal() == "b")
    }

    @Test func `where none comes the wait ends`() async throws {
        let tokens = tokens()
        tokens.changed("app", token("a"))
        let refused = try #require(await tokens.credentials())
        await tokens.rejected(refused, reason: "401")
        #expect(await tokens.replacement(of: refused, within: .milliseconds(50)) == nil)
        tokens.changed("app", nil)
        #expect(tokens.presence == .none)
    }
}
