import Protocol
import Testing

@testable import irc_gateway

@Suite struct AccountLoginTests {
    func login(
        _ login: String? = "HarborLog",
        token: String = "abc123",
        scopes: [String] = ["chat:read"],
        expiresAt: Timestamp? = nil
    ) -> AccountLogin {
        let issued = TokenIssued(
            kind: "user",
            accessToken: token,
            login: login,
            clientID: "c",
            scopes: scopes,
            expiresAt: expiresAt,
            version: 1
        )
        return AccountLogin(issued, at: Timestamp(rawValue: 1000))
    }

    private func reason(_ login: AccountLogin) -> String {
        if case .unusable(let reason) = login { reason } else { "" }
    }

    @Test func `a user's token with chat:read logs in with the user's lowercase login`() {
        #expect(login() == .usable(login: "harborlog"))
        #expect(login(expiresAt: Timestamp(rawValue: 1001)) == .usable(login: "harborlog"))
    }

    @Test func `without the scope it does not, and says what to do`() {
        #expect(reason(login(scopes: ["user:read:chat"])).contains("chat:read"))
        #expect(reason(login(scopes: [])).contains("collector auth login"))
    }

    @Test func `an expired token is left alone`() {
        #expect(reason(login(expiresAt: Timestamp(rawValue: 1000))).contains("expired"))
    }

    @Test(arguments: [nil, "", "a b", "x\r\nJOIN #y", "ｈａｒｂｏｒ"])
    func `a login that is none is not sent`(name: String?) {
        #expect(!reason(login(name)).isEmpty)
    }

    @Test(arguments: ["", "a b", "abc\r\nQUIT", "tökén"])
    func `a token that could end its line is not sent, and not repeated`(token: String) {
        let reason = reason(login(token: token))
        #expect(!reason.isEmpty && (token.isEmpty || !reason.contains(token)))
    }
}
