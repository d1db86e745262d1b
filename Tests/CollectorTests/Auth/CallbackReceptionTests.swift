import ServiceRuntime
import Testing

@testable import collector

@Suite struct CallbackReceptionTests {
    let state = LoginState()

    private func query(_ values: [String: String]) -> [String: String] {
        ["state": state.text.reveal()].merging(values) { $1 }
    }

    @Test func `a state is 256 random bits and never shows itself`() {
        let states = (0..<100).map { _ in LoginState().text.reveal() }
        #expect(Set(states).count == 100)
        #expect(states.allSatisfy { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) })
        #expect(!"\(state)".contains(state.text.reveal()))
    }

    @Test func `only the very same state matches`() {
        let text = state.text.reveal()
        #expect(state.matches(text))
        #expect(!state.matches(""))
        #expect(!state.matches(String(text.dropLast())))
        #expect(!state.matches(text + "0"))
        #expect(!state.matches(text.uppercased() + "g"))
        #expect(!state.matches(String(text.reversed())) || text == String(text.reversed()))
    }

    @Test func `a code with the right state is taken once`() {
        var reception = CallbackReception(state)
        #expect(reception.receive(query(["code": "abc"])) == .code(Secret("abc")))
        #expect(reception.receive(query(["code": "abc"])) == .late)
        #expect(reception.receive(query(["error": "access_denied"])) == .late)
    }

    @Test func `a refusal ends the login`() {
        var reception = CallbackReception(state)
        let refusal = query(["error": "access_denied", "error_description": "The user denied you access"])
        #expect(
            reception.receive(refusal)
                == .refused(error: "access_denied", description: "The user denied you access")
        )
        #expect(reception.receive(query(["code": "abc"])) == .late)
    }

    @Test func `a wrong state changes nothing, whatever comes with it`() {
        var reception = CallbackReception(state)
        for stray in [["code": "evil"], ["error": "access_denied"], ["code": "evil", "state": "guess"], [:]] {
            #expect(reception.receive(stray) == .foreign)
        }
        #expect(reception.receive(query(["code": "abc"])) == .code(Secret("abc")), "the real one still comes through")
        #expect(reception.receive(["code": "evil"]) == .foreign)
    }

    @Test func `an answer without code and error is asked for again`() {
        var reception = CallbackReception(state)
        #expect(reception.receive(query([:])) == .incomplete)
        #expect(reception.receive(query(["code": ""])) == .incomplete)
        #expect(reception.receive(query(["code": "abc"])) == .code(Secret("abc")))
    }
}
