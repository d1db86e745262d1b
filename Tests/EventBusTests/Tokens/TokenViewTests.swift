import Protocol
import Testing

@testable import EventBus

/// The follower's decisions, without sockets.
struct TokenViewTests {
    private func offset(_ sequence: UInt32, epoch: UInt32 = 5) -> Offset { Offset(epoch: epoch, sequence: sequence) }

    private func version(_ sequence: UInt32, epoch: UInt32 = 5) -> Int {
        Int(clamping: offset(sequence, epoch: epoch).rawValue)
    }

    private func withdrawn(_ token: TokenIssued) -> Event {
        .tokenRejected(
            TokenRejected(
                kind: token.kind,
                fingerprint: TokenFingerprint.of(token.accessToken),
                reason: "refused",
                rejectedAt: Timestamp(milliseconds: 0)
            )
        )
    }

    /// One that follows epoch 5 and has this state.
    private func following(_ tokens: [TokenIssued], at sequence: UInt32) -> TokenView {
        var view = TokenView()
        view.hello(epoch: 5)
        #expect(view.takeRequest(1) == true)
        #expect(view.snapshot(version: version(sequence), tokens, request: 1) == .applied)
        return view
    }

    @Test func `the state is asked for once, after HELLO, and again when there was no answer`() {
        var view = TokenView()
        view.hello(epoch: 5)
        #expect(view.takeRequest(1) == true)
        #expect(view.takeRequest(2) == false)
        view.requestFailed(9)
        #expect(view.takeRequest(2) == false)
        view.requestFailed(1)
        #expect(view.takeRequest(2) == true)
        #expect(view.snapshot(version: version(1), [token("user", 1)], request: 1) == .unexpected)
        #expect(view.snapshot(version: version(1), [token("user", 1)], request: 2) == .applied)
        #expect(view.mode == .following && view.tokens["user"] == token("user", 1))
    }

    @Test func `a state that is older than a live change is asked for again`() {
        var view = TokenView()
        view.hello(epoch: 5)
        _ = view.takeRequest(1)
        #expect(view.change(.tokenIssued(token("user", 2)), previous: offset(1), offset: offset(2)) == .upToDate)
        #expect(view.tokens["user"]?.version == 2)
        #expect(view.snapshot(version: version(1), [token("user", 1)], request: 1) == .stale)
        #expect(view.takeRequest(2) == true)
        #expect(view.snapshot(version: version(2), [token("user", 2)], request: 2) == .applied)
    }

    @Test func `a change behind a hole is applied at once, and the state is asked for`() {
        var view = following([], at: 0)
        #expect(view.change(.tokenIssued(token("user", 1)), previous: .zero, offset: offset(1)) == .upToDate)
        #expect(view.change(.tokenIssued(token("user", 3)), previous: offset(4), offset: offset(5)) == .missed)
        #expect(view.tokens["user"]?.version == 3)
        #expect(view.takeRequest(2) == true)
    }

    @Test func `a heartbeat reveals a lost tail`() {
        var view = following([token("user", 1)], at: 1)
        #expect(view.heartbeat(epoch: 5, head: offset(1)) == .upToDate)
        #expect(view.heartbeat(epoch: 5, head: .zero) == .upToDate)
        #expect(view.heartbeat(epoch: 5, head: offset(2)) == .missed)
        #expect(view.takeRequest(2) == true)
    }

    @Test func `a new epoch is a restart, an old one is an echo`() {
        var view = following([token("user", 1)], at: 3)
        #expect(view.heartbeat(epoch: 4, head: offset(9, epoch: 4)) == .upToDate)
        #expect(view.heartbeat(epoch: 6, head: .zero) == .restarted)
        let change = view.change(.tokenIssued(token("user", 2)), previous: .zero, offset: offset(1, epoch: 6))
        #expect(change == .restarted)
        #expect(view.tokens["user"]?.version == 1)
        view.hello(epoch: 6)
        #expect(view.tokens["user"]?.version == 1)
        #expect(view.takeRequest(2) == true)
        #expect(view.snapshot(version: version(3), [], request: 2) == .stale)
        #expect(view.takeRequest(3) == true)
        #expect(view.snapshot(version: version(0, epoch: 6), [], request: 3) == .applied)
        #expect(view.tokens.isEmpty)
    }

    @Test func `the highest version wins, repetitions say nothing`() {
        var view = following([token("user", 5)], at: 1)
        #expect(view.change(.tokenIssued(token("user", 4)), previous: offset(1), offset: offset(2)) == .upToDate)
        #expect(view.tokens["user"]?.version == 5)
        #expect(view.change(withdrawn(token("user", 5)), previous: offset(1), offset: offset(2)) == .upToDate)
        #expect(view.tokens["user"]?.version == 5)
        #expect(view.change(withdrawn(token("user", 4)), previous: offset(2), offset: offset(3)) == .upToDate)
        #expect(view.tokens["user"]?.version == 5)
        #expect(view.change(withdrawn(token("user", 5)), previous: offset(3), offset: offset(4)) == .upToDate)
        #expect(view.tokens.isEmpty)
    }

    @Test func `the number of kinds is bounded`() {
        let many = (0..<100).map { token("kind\($0)", 1) }
        let view = following(many, at: 1)
        #expect(view.tokens.count == TokenView.mostKinds)
    }

    @Test func `of several services the highest version wins; who is gone is forgotten when another answers`() {
        var selection = TokenSelection()
        func offer(_ producer: String, _ version: Int) -> [String] {
            selection.update(producer) { $0 = following([token("user", version)], at: 1) }.changed
        }
        #expect(offer("ts-a", 7) == ["user"])
        #expect(offer("ts-b", 5) == [])
        #expect(selection.current["user"]?.version == 7)
        selection.isAbsent("ts-a")
        #expect(selection.current["user"]?.version == 7)
        #expect(selection.isKnown("ts-b") == ["user"])
        #expect(selection.current["user"]?.version == 5)
        for number in 0..<100 { _ = offer("ts-\(number)", 1) }
        #expect(selection.views.count <= 16)
    }

    @Test func `a ledger refuses versions that do not grow, withdrawn ones too`() throws {
        var ledger = TokenLedger(epoch: 5)
        #expect(ledger.state == Array(#"{"tokens":[]}"#.utf8))
        let one = ledger.issue(token("user", 5))
        let first = try #require(one)
        #expect(first.previous == .zero && first.offset == offset(1))
        #expect(ledger.issue(token("user", 5, "other")) == nil)
        let fingerprint = TokenFingerprint.of(token("user", 5).accessToken)
        let time = Timestamp(milliseconds: 0)
        #expect(ledger.withdraw(kind: "app", fingerprint: fingerprint, reason: "", at: time) == nil)
        let two = ledger.withdraw(kind: "user", fingerprint: fingerprint, reason: "", at: time)
        let second = try #require(two)
        #expect(second.previous == offset(1) && second.offset == offset(2))
        #expect(ledger.issue(token("user", 5)) == nil)
        #expect(ledger.issue(token("user", 6)) != nil)
        #expect(ledger.issue(token("app", 1)) != nil)
        #expect(ledger.version == version(4))
        #expect(try TokenLedger.tokens(in: ledger.state) == [token("app", 1), token("user", 6)])
        #expect(throws: EnvelopeError.self) { try TokenLedger.tokens(in: Array("{}".utf8)) }
    }

    @Test func `a fingerprint is the beginning of SHA-256`() {
        #expect(TokenFingerprint.of("abc") == "ba7816bf8f01cfea")
        #expect(TokenFingerprint.of("") == "e3b0c44298fc1c14")
    }
}
