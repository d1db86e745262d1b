import ServiceRuntime
import Testing

@testable import collector

@Suite struct LoginReceptionTests {
    private let fresh = LoginReception()

    private var cookie: String { fresh.cookie.text.reveal() }

    /// A reception whose page this browser has visited.
    private var begun: LoginReception {
        var reception = fresh
        _ = reception.visit(key: reception.shownKey.text.reveal(), cookie: nil, isOwnUser: false)
        return reception
    }

    private func query(_ values: [String: String]) -> [String: String] {
        ["state": fresh.state.text.reveal()].merging(values) { $1 }
    }

    @Test func `a secret is 256 random bits and never shows itself`() {
        let secrets = (0..<100).map { _ in LoginSecret().text.reveal() }
        #expect(Set(secrets).count == 100)
        #expect(secrets.allSatisfy { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) })
        #expect(!"\(fresh.state)".contains(fresh.state.text.reveal()))
    }

    @Test func `only the very same secret matches`() {
        let secret = LoginSecret()
        let text = secret.text.reveal()
        #expect(secret.matches(text))
        #expect(!secret.matches(nil))
        #expect(!secret.matches(""))
        #expect(!secret.matches(String(text.dropLast())))
        #expect(!secret.matches(text + "0"))
        #expect(!secret.matches(text.uppercased() + "g"))
        #expect(!secret.matches(String(text.reversed())) || text == String(text.reversed()))
    }

    @Test func `the first browser begins the login, and no other one`() {
        var reception = fresh
        let key = reception.shownKey.text.reveal()
        #expect(reception.visit(key: "guess", cookie: nil, isOwnUser: true) == .unknown)
        #expect(reception.visit(key: key, cookie: nil, isOwnUser: false) == .begin)
        #expect(reception.visit(key: key, cookie: nil, isOwnUser: true) == .taken)
        #expect(reception.visit(key: key, cookie: "another", isOwnUser: true) == .taken)
        #expect(reception.visit(key: reception.openedKey.text.reveal(), cookie: nil, isOwnUser: true) == .taken)
        #expect(
            reception.visit(key: key, cookie: cookie, isOwnUser: true) == .begin,
            "the same one, by its back button"
        )
        #expect(reception.receive(query(["code": "abc"]), cookie: cookie) == .code(Secret("abc")))
        #expect(reception.visit(key: key, cookie: cookie, isOwnUser: true) == .late)
    }

    @Test func `what stands in a program's arguments works for our own user alone`() {
        var reception = fresh
        let key = reception.openedKey.text.reveal()
        #expect(key != reception.shownKey.text.reveal())
        #expect(reception.visit(key: key, cookie: nil, isOwnUser: false) == .otherUser)
        // The attempt does not use the visit up.
        #expect(reception.visit(key: key, cookie: nil, isOwnUser: true) == .begin)
    }

    @Test func `a code with the right state and cookie is taken once`() {
        var reception = begun
        #expect(reception.receive(query(["code": "abc"]), cookie: cookie) == .code(Secret("abc")))
        #expect(reception.receive(query(["code": "abc"]), cookie: cookie) == .late)
        #expect(reception.receive(query(["error": "access_denied"]), cookie: cookie) == .late)
    }

    @Test func `a refusal ends the login`() {
        var reception = begun
        let refusal = query(["error": "access_denied", "error_description": "The user denied you access"])
        #expect(
            reception.receive(refusal, cookie: cookie)
                == .refused(error: "access_denied", description: "The user denied you access")
        )
        #expect(reception.receive(query(["code": "abc"]), cookie: cookie) == .late)
    }

    @Test func `a wrong state or cookie changes nothing, whatever comes with it`() {
        var reception = begun
        for stray in [["code": "evil"], ["error": "access_denied"], ["code": "evil", "state": "guess"], [:]] {
            #expect(reception.receive(stray, cookie: cookie) == .foreign)
        }
        // Whoever has read the state has not got the cookie.
        for forged in [nil, "", "guess", fresh.state.text.reveal(), fresh.openedKey.text.reveal()] {
            #expect(reception.receive(query(["code": "evil"]), cookie: forged) == .foreign)
            #expect(reception.receive(query(["error": "access_denied"]), cookie: forged) == .foreign)
        }
        #expect(
            reception.receive(query(["code": "abc"]), cookie: cookie) == .code(Secret("abc")),
            "the real one comes through"
        )
        #expect(reception.receive(["code": "evil"], cookie: cookie) == .foreign)
    }

    @Test func `before the page was visited nothing is a callback`() {
        var reception = fresh
        #expect(reception.receive(query(["code": "evil"]), cookie: cookie) == .foreign)
    }

    @Test func `an answer without code and error is asked for again`() {
        var reception = begun
        #expect(reception.receive(query([:]), cookie: cookie) == .incomplete)
        #expect(reception.receive(query(["code": ""]), cookie: cookie) == .incomplete)
        #expect(reception.receive(query(["code": "abc"]), cookie: cookie) == .code(Secret("abc")))
    }
}
