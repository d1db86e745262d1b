import EventStore
import Testing

@testable import writer

@Suite struct CommitRetryTests {
    private func error(_ code: EventStoreError.Code) -> EventStoreError {
        EventStoreError(code, operation: "commit", message: "test")
    }

    @Test func `retriable errors are tried for ever, and told once`() {
        var retry = CommitRetry()
        for attempt in 0..<1000 {
            guard case .retry(let wait, let isFirst) = retry.failed(error(.locked), stopping: false) else {
                Issue.record("gave up at attempt \(attempt)")
                return
            }
            #expect(isFirst == (attempt == 0))
            #expect(wait <= .seconds(1))
        }
        let isOver = retry.succeeded()
        #expect(isOver)
        let isOverAgain = retry.succeeded()
        #expect(!isOverAgain)
    }

    @Test func `an unknown outcome is verified, a refused statement searched, a broken file ends the process`() {
        var retry = CommitRetry()
        guard case .verify = retry.failed(error(.commitOutcomeUnknown), stopping: false) else {
            Issue.record("not verified")
            return
        }
        #expect(retry.failed(error(.refused), stopping: false) == .bisect)
        #expect(retry.failed(error(.corrupt), stopping: false) == .fail)
        #expect(retry.failed(error(.incompatible), stopping: false) == .fail)
    }

    @Test func `a stopping process gives up soon`() {
        var retry = CommitRetry()
        for _ in 0..<CommitRetry.attemptsWhileStopping {
            #expect(retry.failed(error(.locked), stopping: true) != .abandon)
        }
        #expect(retry.failed(error(.locked), stopping: true) == .abandon)
    }
}
