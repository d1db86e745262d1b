import NIOCore

/// "N lines over these channels, as fast as the readers take them."
struct Burst {
    let id: Int
    let channels: [String]
    var remaining: Int
    let kinds: KindTable
    /// Succeeds when every line was written to the readers' sockets.
    let promise: EventLoopPromise<BurstResult>
    var next = 0
    var unheard = 0
    var result: [String: BurstResult.Channel] = [:]
}

/// What a burst offered.
struct BurstResult: Codable, Sendable, Equatable {
    /// Lines of one channel.
    struct Channel: Codable, Sendable, Equatable {
        var lines = 0
        /// Lines by kind.
        var kinds: [String: Int] = [:]
        /// Sequence numbers of the lines that carry an id (PRIVMSG, USERNOTICE); nothing else of the channel has
        /// one in between unless other chat is generated at the same time.
        var firstSequence: Int64?
        var lastSequence: Int64?
        /// The ids of those two.
        var firstID: String?
        var lastID: String?

        private enum CodingKeys: String, CodingKey {
            case lines
            case kinds
            case firstSequence
            case lastSequence
            case firstID = "firstId"
            case lastID = "lastId"
        }
    }

    var offered: [String: Channel] = [:]
    /// Lines that nobody was there for.
    var unheard = 0
    var milliseconds: Int64 = 0
}
