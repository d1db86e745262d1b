import Testing
import TwitchChat

@testable import irc_gateway

@Suite struct AccountUseTests {
    let start = ContinuousClock.now

    @Test(arguments: [(90, 1), (50, 2), (33, 3), (10, 10), (100, 1), (1, 100)])
    func `as many readers have a seat as fit into a hundred rooms`(channels: Int, seats: Int) {
        var use = AccountUse(channelsPerReader: channels)
        let granted = (1...200).filter { use.grants("a", to: $0, at: start) }
        #expect(granted == Array(1...seats))
    }

    @Test func `a reader keeps its seat over reconnects and gives it up at its end`() {
        var use = AccountUse(channelsPerReader: 90)
        #expect(use.grants("a", to: 1, at: start) == true)
        #expect(use.grants("a", to: 1, at: start) == true)
        #expect(use.grants("a", to: 2, at: start) == false)
        use.release(1)
        #expect(use.grants("a", to: 2, at: start) == true)
        #expect(use.grants("a", to: 1, at: start) == false)
    }

    @Test func `gateways that share an account share its seats, and who comes first gives one up`() {
        var use = AccountUse(channelsPerReader: 33)
        #expect((1...3).allSatisfy { use.grants("a", to: $0, at: start) })
        use.take(GatewayPlace(index: 1, count: 2))
        #expect(use.grants("a", to: 3, at: start) == false)
        #expect(use.grants("a", to: 2, at: start) == false)
        #expect(use.grants("a", to: 1, at: start) == true)
        use.take(GatewayPlace(index: 5, count: 6))
        #expect(use.grants("a", to: 1, at: start) == false, "three seats for six gateways")
        use.take(GatewayPlace(index: 0, count: 1))
        #expect(use.grants("a", to: 1, at: start) == true)
    }

    @Test(arguments: [LoginRefusal.authenticationFailed, .malformed])
    func `a token that was refused is never used again, and told once`(refusal: LoginRefusal) {
        var use = AccountUse(channelsPerReader: 90)
        #expect(use.refused("a", because: refusal, at: start) == .refused(isNews: true))
        #expect(use.refused("a", because: refusal, at: start) == .refused(isNews: false))
        #expect(use.grants("a", to: 1, at: start + .seconds(1_000_000)) == false)
        #expect(use.grants("b", to: 1, at: start) == true, "another token is used at once")
        use.succeeded()
        #expect(use.grants("a", to: 1, at: start) == false)
    }

    @Test(arguments: [LoginRefusal.unsuccessful, .invalidNick, .error, nil])
    func `what proves nothing about the token makes the account rest`(refusal: LoginRefusal?) {
        var use = AccountUse(channelsPerReader: 90)
        #expect(use.refused("a", because: refusal, at: start) == .rest(.seconds(60), isNews: true))
        #expect(use.grants("a", to: 1, at: start + .seconds(59)) == false)
        #expect(use.grants("b", to: 1, at: start + .seconds(59)) == false, "the account rests, not the token")
        #expect(use.grants("a", to: 1, at: start + .seconds(60)) == true)
    }

    @Test func `rests become longer, up to an hour, and shorter again when a login worked`() {
        var use = AccountUse(channelsPerReader: 90)
        var now = start
        var rests: [Duration] = []
        for _ in 0..<9 {
            guard case .rest(let rest, true) = use.refused("a", because: .unsuccessful, at: now) else { continue }
            rests.append(rest)
            now += rest
        }
        #expect(rests == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600].map { .seconds($0) })
        use.succeeded()
        #expect(use.refused("a", because: .error, at: now) == .rest(.seconds(60), isNews: true))
    }

    @Test func `connections that are refused together are one failure`() {
        var use = AccountUse(channelsPerReader: 10)
        #expect(use.refused("a", because: .unsuccessful, at: start) == .rest(.seconds(60), isNews: true))
        #expect(
            use.refused("a", because: .unsuccessful, at: start + .seconds(1)) == .rest(.seconds(59), isNews: false)
        )
    }

    @Test func `one login without an answer is tried again, the second makes the account rest`() {
        var use = AccountUse(channelsPerReader: 90)
        #expect(use.notAnswered(at: start) == .retry)
        #expect(use.grants("a", to: 1, at: start) == true)
        #expect(use.notAnswered(at: start) == .rest(.seconds(60), isNews: true))
        #expect(use.grants("a", to: 1, at: start) == false)
    }
}
