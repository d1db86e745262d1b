/// Everything the live status shows, at one moment.
struct Snapshot: Hashable, Sendable {
    /// One supervised process.
    struct Process: Hashable, Sendable {
        enum State: Hashable, Sendable {
            case starting
            case ready
            /// It runs, but something is missing: one line says what.
            case waiting(String)
            case restarting
            case stopped
        }

        var name: String
        var state: State
        var restarts: Int
        /// Resident memory in bytes; nil while it is not known.
        var memory: Int?
        /// Nil while it does not run.
        var pid: Int32?
    }

    /// Channels on the list.
    var channelsWanted = 0
    /// Those that are listened to, by as many gateways as are to.
    var channelsJoined = 0
    /// Who the gateway is to Twitch, such as `as harborlog`; nil while it does not say.
    var identity: String?
    /// Chat lines that came in since the start.
    var received = 0
    /// Events that all journals took since the start: messages, and what the services say of themselves.
    var accepted = 0
    /// Lines per second, newest last, one a second.
    var rates: [Double] = []
    /// Events committed since the start.
    var stored = 0
    /// Seconds from accepted to committed, for the last batch; nil before the first.
    var lag: Double?
    var reconnects = 0
    var gaps = 0
    var deadLetters = 0
    /// Bytes of journals on disk.
    var journal = 0
    var processes: [Process] = []

    var rate: Double { rates.last ?? 0 }
}
