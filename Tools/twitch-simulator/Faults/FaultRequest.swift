/// The body of every `POST /faults/…`. Keys are snake_case in JSON; what a fault does not use, it ignores.
struct FaultRequest: Codable, Sendable {
    /// Whom it concerns: ids of `GET /connections`, nicks, or whoever is in one of the channels. None of them given
    /// means everybody.
    var connections: [Int]?
    var nicks: [String]?
    var channels: [String]?
    var durationMilliseconds: Int64?
    var count: Int?
    /// `close`: `frame` (default), `fin` or `reset`.
    var how: String?
    /// `close`: the WebSocket close code.
    var code: UInt16?
    /// `reconnect`: milliseconds from RECONNECT to the close.
    var closeAfterMilliseconds: Int64?
    /// `garbage`: which kinds.
    var what: [Garbage]?
    /// `garbage`: randomness of its bytes.
    var seed: UInt64?
    /// `duplicate`: how many of the latest lines.
    var lines: Int?
    /// `refuse-join`: the refusal.
    var with: JoinRefusal?
    /// `part`: leave no trace of it.
    var silent: Bool?
    /// `refuse-login`: the notice's text.
    var notice: String?
}

/// What a fault did.
struct FaultResult: Codable, Sendable, Equatable {
    /// Connections it took effect on.
    var connections: [Int] = []
    /// Lines, frames or JOINs concerned.
    var count = 0
}

/// The faults by their names in the URL.
enum Fault: String, CaseIterable, Sendable {
    case close
    case reconnect
    case stall
    case halfOpen = "half-open"
    case garbage
    case duplicate
    case banReader = "ban-reader"
    case part
    case refuseJoin = "refuse-join"
    case delayJoin = "delay-join"
    case dropJoin = "drop-join"
    case refuseLogin = "refuse-login"
    /// Ends all join, login, stall and HTTP faults.
    case clear
}
