import EventStore
import Testing

@testable import writer

@Suite struct CommitRetryTests {
    private func error(_ code: EventStoreError.Code) -> EventStoreError {
        EventStoreError(code, operation: "commit", message: "test")
    }

    private static let now = ContinuousClock.now

    @Test(arguments: EventStoreError.Code.allCases.filter { ![.refused, .closed].contains($0) })
    func `whatever is wrong with the database is waited for, and told once`(_ code: EventStoreError.Code) {
        var retry = CommitRetry()
        for attempt in 0..<1000 {
            switch retry.failed(error(code), stopping: false, at: Self.now) {
            case .retry(let wait, let isNews), .verify(let wait, let isNews):
                #expect(isNews == (attempt == 0))
                #expect(wait <= .seconds(5))
            case .examine, .abandon:
                Issue.record("gave up at attempt \(attempt)")
                return
            }
        }
        let isOver = retry.succeeded()
        #expect(isOver)
        let isOverAgain = retry.succeeded()
        #expect(!isOverAgain)
    }

    @Test func `another cause is news, but two that alternate do not fill the log`() {
        var retry = CommitRetry()
        var news = 0
        for second in 0..<100 {
            let code: EventStoreError.Code = second.isMultiple(of: 2) ? .unreachable : .accessDenied
            let action = retry.failed(error(code), stopping: false, at: Self.now + .seconds(second))
            if case .retry(_, isNews: true) = action { news += 1 }
        }
        #expect((5...10).contains(news))
    }

    @Test func `an unknown outcome is verified, a refused row examined, a closed store left`() {
        var retry = CommitRetry()
        guard case .verify = retry.failed(error(.commitOutcomeUnknown), stopping: false, at: Self.now) else {
            Issue.record("not verified")
            return
        }
        #expect(retry.failed(error(.refused), stopping: false, at: Self.now) == .examine)
        #expect(retry.failed(error(.closed), stopping: false, at: Self.now) == .abandon)
    }

    @Test func `a stopping process gives up soon`() {
        var retry = CommitRetry()
        for _ in 0..<CommitRetry.attemptsWhileStopping {
            #expect(retry.failed(error(.locked), stopping: true, at: Self.now) != .abandon)
        }
        #expect(retry.failed(error(.locked), stopping: true, at: Self.now) == .abandon)
    }
}
