import Protocol
import ServiceRuntime
import Testing

@testable import TokenStore

@Suite struct StoredTokensTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func token(_ name: String) -> StoredToken {
        StoredToken(accessToken: Secret("access-\(name)"), refreshToken: Secret("refresh-\(name)"))
    }

    @Test func `a refresh replaces the pair and closes its intent`() throws {
        var tokens = StoredTokens()
        tokens.logIn(self.token("one"))
        let begun = tokens.beginRefresh(of: self.token("one"), at: Self.now)
        let intent = try #require(begun)
        #expect(tokens.intent == intent)
        #expect(intent.refreshFingerprint == Secret("refresh-one").fingerprint)
        #expect(tokens.completeRefresh(intent, with: self.token("two")) == true)
        #expect(tokens.user == self.token("two"))
        #expect(tokens.intent == nil)
    }

    @Test func `a login during a refresh wins`() throws {
        var tokens = StoredTokens()
        tokens.logIn(self.token("one"))
        let begun = tokens.beginRefresh(of: self.token("one"), at: Self.now)
        let intent = try #require(begun)
        tokens.logIn(self.token("other"))
        #expect(tokens.completeRefresh(intent, with: self.token("two")) == false)
        #expect(tokens.abandonRefresh(intent) == false)
        #expect(tokens.user == self.token("other"))
        #expect(tokens.beginRefresh(of: self.token("one"), at: Self.now) == nil)
    }

    @Test func `a logout during a refresh wins`() throws {
        var tokens = StoredTokens()
        tokens.logIn(self.token("one"))
        let begun = tokens.beginRefresh(of: self.token("one"), at: Self.now)
        let intent = try #require(begun)
        tokens.logOut()
        #expect(tokens.completeRefresh(intent, with: self.token("two")) == false)
        #expect(tokens.user == nil)
    }

    @Test func `a refusal is remembered until the next login`() {
        var tokens = StoredTokens()
        tokens.logIn(self.token("one"))
        #expect(tokens.refuse(self.token("one"), because: "gone", at: Self.now) == true)
        #expect(tokens.refusal?.reason == "gone")
        tokens.logIn(self.token("two"))
        #expect(tokens.refusal == nil)
        #expect(tokens.refuse(self.token("one"), because: "gone", at: Self.now) == false)
    }

    @Test func `every pair that was here is known`() throws {
        var tokens = StoredTokens()
        tokens.logIn(self.token("one"))
        let begun = tokens.beginRefresh(of: self.token("one"), at: Self.now)
        let intent = try #require(begun)
        #expect(tokens.completeRefresh(intent, with: self.token("two")) == true)
        for name in ["one", "two"] {
            #expect(tokens.knows(access: Secret("access-\(name)"), refresh: Secret("refresh-\(name)")))
            #expect(tokens.knows(access: nil, refresh: Secret("refresh-\(name)")))
        }
        #expect(!tokens.knows(access: Secret("access-new"), refresh: Secret("refresh-new")))
        #expect(!tokens.knows(access: nil, refresh: nil))
    }

    @Test func `the memory of pairs has an end`() {
        var tokens = StoredTokens()
        for number in 0..<600 { tokens.logIn(self.token("\(number)")) }
        #expect(tokens.seen.count == 512)
        #expect(tokens.knows(access: Secret("access-599"), refresh: nil))
    }

    @Test func `versions grow although the clock goes back`() {
        var tokens = StoredTokens()
        #expect(tokens.nextVersion(at: Self.now) == 1_800_000_000_000)
        #expect(tokens.nextVersion(at: Timestamp(milliseconds: 5)) == 1_800_000_000_001)
    }

    @Test func `a fingerprint is the first 16 digits of the SHA-256`() {
        #expect(Secret("abc").fingerprint == "ba7816bf8f01cfea")
    }
}
