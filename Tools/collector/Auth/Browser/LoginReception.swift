import ServiceRuntime

/// Decides what the requests of one login mean: the visit to the page that begins it, and the callback. No I/O.
///
/// The browser that visits the page first gets a cookie, and only a callback with that cookie counts: to know the `state`
/// is not enough. Two addresses lead to the page. The one that is shown in the terminal is secret. The one that a program
/// is told to open stands in that program's arguments, where every user of the machine can read it: it works for the
/// person's own user alone.
struct LoginReception: Sendable {
    /// What a visit to the page comes to.
    enum Visit: Hashable, Sendable {
        /// On to Twitch, with the cookie: the first visit, or the same browser once more.
        case begin
        /// Another browser has begun this login.
        case taken
        /// The address was read by another user of this machine.
        case otherUser
        /// This login has been answered already.
        case late
        case unknown
    }

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
        /// State and cookie are right, but there is neither a code nor an error.
        case incomplete
    }

    let state = LoginSecret()
    let cookie = LoginSecret()
    /// The key in the address that the terminal shows.
    let shownKey = LoginSecret()
    /// The key in the address that a browser is told to open.
    let openedKey = LoginSecret()
    private var isBegun = false
    private var isAnswered = false

    /// A request for the page that begins the login.
    /// - Parameters:
    ///   - key: The last part of its address.
    ///   - given: The cookie that the browser has from an earlier visit.
    ///   - isOwnUser: Whether the browser runs as the same user as we do.
    /// - Returns: What it gets.
    mutating func visit(key: String, cookie given: String?, isOwnUser: Bool) -> Visit {
        if openedKey.matches(key) {
            guard isOwnUser else { return .otherUser }
        } else {
            guard shownKey.matches(key) else { return .unknown }
        }
        guard !isAnswered else { return .late }
        guard !isBegun || cookie.matches(given) else { return .taken }
        isBegun = true
        return .begin
    }

    /// A wrong state or cookie changes nothing: a stray or forged request must not be able to end a login.
    mutating func receive(_ query: [String: String], cookie given: String?) -> Callback {
        guard isBegun, state.matches(query["state"]), cookie.matches(given) else { return .foreign }
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
