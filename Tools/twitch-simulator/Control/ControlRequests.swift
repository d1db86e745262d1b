/// `POST /burst`.
struct BurstRequest: Decodable, Sendable {
    var channels: [String]
    var count: Int
    /// Kinds (`action`, `resub`) or IRC commands (`PRIVMSG`); absent means the usual mix.
    var kinds: [String]?
    /// From now on, for every connection.
    var linesPerFrame: Int?
}

/// `POST /rate`.
struct RateRequest: Decodable, Sendable {
    var linesPerSecond: Double
}

/// `POST /say`: a raw line without CR LF.
struct SayRequest: Decodable, Sendable {
    var channel: String
    var line: String
}

/// `POST /channels`: the channels that chat is generated for, the busiest first.
struct ChannelsRequest: Decodable, Sendable {
    var channels: [String]
}

/// The answer of `POST /say`.
struct SayResult: Codable, Sendable {
    /// Whether a reader got it.
    var offered: Bool
}

/// How many tokens, devices or requests it concerned.
struct ControlCount: Codable, Sendable, Equatable {
    var count: Int
}

/// The answer to a request that cannot be done.
struct Refusal: Codable, Sendable {
    var error: String
}
