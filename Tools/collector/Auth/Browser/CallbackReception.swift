import ServiceRuntime

/// Decides what a request to the callback address means. No I/O.
struct CallbackReception: Sendable {
    /// What a callback brings.
    enum Callback: Hashable, Sendable {
        /// The person approved; the code is to be exchanged.
        case code(Secret)
        /// The person, or Twitch, said no.
        case refused(error: String, description: String)
        /// Not an answer to this login: another tab's, an old one, or somebody else's doing.
        case foreign
        /// This login has been answered already.
        case late
        /// The state is right, but there is neither a code nor an error.
        case incomplete
    }

    private let state: LoginState
    private var isAnswered = false

    init(_ state: LoginState) {
        self.state = state
    }

    /// A wrong state changes nothing: a stray or forged request must not be able to end a login.
    mutating func receive(_ query: [String: String]) -> Callback {
        guard let given = query["state"], state.matches(given) else { return .foreign }
        guard !isAnswered else { return .late }
        if let error = query["error"], !error.isEmpty {
            isAnswered = true
            return .refused(error: error, description: query["error_description"] ?? "")
        }
        guard let code = query["code"], !code.isEmpty else { return .incomplete }
        isAnswered = true
        return .code(Secret(code))
    }
}
