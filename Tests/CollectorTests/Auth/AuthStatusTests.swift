import Protocol
import ServiceRuntime
import Testing
import TokenStore
import TwitchAPI

@testable import collector

@Suite struct AuthStatusTests {
    private let now = Timestamp(rawValue: 1_800_000_000_000)

    private func status(
        refreshToken: String? = "refresh-secret",
        live: AuthStatus.Live = .notAsked,
        refusal: String? = nil
    ) -> AuthStatus {
        var tokens = StoredTokens()
        let token = StoredToken(
            accessToken: Secret("access-secret"),
            refreshToken: refreshToken.map { Secret($0) },
            clientID: "client",
            login: "harborlog",
            userID: "700100100",
            scopes: ["chat:read"],
            expiresAt: Timestamp(rawValue: now.rawValue + 14_280_000),
            validatedAt: now
        )
        tokens.logIn(token)
        if let refusal { _ = tokens.refuse(token, because: refusal, at: now) }
        return AuthStatus(
            file: "data/tokens.json",
            tokens: tokens,
            live: live,
            now: now,
            tokenServices: [4711],
            hasUnimportedToken: false
        )
    }

    private func text(_ status: AuthStatus) -> String { AuthStatusText(style: Style(isColoured: false)).text(status) }

    @Test func `a good login is code 0 and says all that matters`() throws {
        let validation = TokenValidation(
            clientID: "client",
            login: "harborlog",
            userID: "700100100",
            scopes: ["chat:read", "user:read:chat"],
            expiresIn: .seconds(14_280)
        )
        let status = status(live: .valid(validation))
        #expect(status.exitCode == 0)
        for part in [
            "harborlog", "700100100", "chat:read user:read:chat", "valid, expires in 3 h 58 min",
            "2027-01-15 08:00:00 UTC", "possible", "running, pid 4711", "data/tokens.json",
        ] {
            #expect(text(status).contains(part), "\(part) is missing in:\n\(text(status))")
        }
        let json = try AuthStatusJSON(status).text
        #expect(json.contains(#""valid" : true"#) && json.contains(#""expires_in" : 14280"#))
    }

    @Test func `no form of it holds a token`() throws {
        for status in [status(), status(live: .invalid), status(refusal: "Invalid refresh token")] {
            for secret in ["access-secret", "refresh-secret"] {
                #expect(try !(text(status) + AuthStatusJSON(status).text + "\(status)").contains(secret))
            }
        }
    }

    @Test func `a login that is over is code 77 and says how to begin anew`() {
        let refused = status(live: .invalid, refusal: "Invalid refresh token")
        #expect(refused.exitCode == 77 && !refused.isLoggedIn)
        #expect(text(refused).contains("refused: Invalid refresh token; log in again with: collector auth login"))
        let dead = status(refreshToken: nil, live: .invalid)
        #expect(dead.exitCode == 77)
        #expect(text(dead).contains("not possible"))
    }

    @Test func `an expired token that can be renewed is no reason to log in again`() {
        let status = status(live: .invalid)
        #expect(status.exitCode == 0)
        #expect(text(status).contains("not valid any more; it can be renewed"))
    }

    @Test func `a Twitch that cannot be asked is code 75`() {
        let status = status(live: .unknown("id.twitch.tv/validate: no answer"))
        #expect(status.exitCode == 75)
        #expect(text(status).contains("could not be asked"))
    }

    @Test func `nobody is logged in`() {
        var status = status()
        status.tokens = nil
        #expect(status.exitCode == 77)
        #expect(text(status).contains("collector auth login"))
        status.hasUnimportedToken = true
        #expect(text(status).contains("takes it over"))
    }
}
