import Protocol
import Synchronization

@testable import irc_gateway

/// A history service that answers as a test says, and remembers what it was asked.
final class ScriptedHistory: History {
    struct State {
        var answers: [Result<HistoryAnswer, HistoryFailure>] = []
        var requests: [(login: String, request: HistoryRequest)] = []
        /// Called behind each question, before its answer is read.
        var onRequest: @Sendable () -> Void = {}
    }

    let state: Mutex<State>

    init(_ answers: Result<HistoryAnswer, HistoryFailure>...) {
        state = Mutex(State(answers: answers))
    }

    var source: String { "history.example" }
    var requests: [HistoryRequest] { state.withLock { $0.requests.map(\.request) } }

    /// The last answer is given again and again.
    func lines(of login: String, _ request: HistoryRequest) async throws(HistoryFailure) -> HistoryAnswer {
        let (answer, onRequest) = state.withLock { state in
            state.requests.append((login, request))
            return (state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first, state.onRequest)
        }
        onRequest()
        return try answer?.get() ?? HistoryAnswer()
    }
}
