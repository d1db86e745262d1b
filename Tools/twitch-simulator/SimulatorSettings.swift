/// Everything that can be set when the simulator starts.
struct SimulatorSettings: Sendable {
    /// Where the servers listen. Port 0 takes any free one.
    var host = "127.0.0.1"
    var ircPort = 0
    var controlPort = 0
    /// PEM files; both or neither. With them the IRC server speaks `wss`.
    var tlsCertificate: String?
    var tlsKey: String?

    var chat = Chat()
    var limits = Limits()
    var wire = Wire()
    var login = Login()
    var oauth = OAuth()
    var helix = Helix()

    /// What is generated or replayed, and where.
    struct Chat: Sendable {
        /// The logins that chat is generated for, the busiest first.
        var channels = ["quietharbor", "loudlagoon", "sunkenpier", "kelpforest", "tidepool"]
        /// Generate for whatever is joined instead of for `channels`.
        var generatesForJoined = false
        /// A JOIN of a login outside `channels` succeeds too.
        var anyChannelExists = true
        /// Lines per second, all channels together; 0 is silence until `POST /rate` or `/burst`.
        var rate = 5.0
        var seed: UInt64 = 1
        /// How many people chat, and how many different things they say.
        var chatters = 2000
        var phrases = 3000
        /// First group of every generated message id, so that two runs do not collide; `nil`: from the time of start.
        var runID: UInt32?
        /// A file of raw lines, one per LF, delivered instead of generated chat.
        var replay: String?
        /// Replayed lines per second; `nil`: as fast as the readers take them.
        var replayRate: Double?
    }

    /// What Twitch limits.
    struct Limits: Sendable {
        /// JOIN attempts of one user in `window` seconds; each channel of a list counts.
        var joinAttempts = 20
        /// PASS+NICK attempts of one user in `window` seconds.
        var loginAttempts = 20
        var window = 10.0
        /// Rooms one user may be in at once, over all its connections; 0 is no limit.
        var roomsPerUser = 100
        /// Longest client line and WebSocket message, bytes.
        var clientMessageBytes = 65_536
    }

    /// How lines travel.
    struct Wire: Sendable {
        /// Chat lines in one WebSocket message at most, 1…50.
        var linesPerFrame = 10
        /// Cut each message into WebSocket fragments of this many bytes; 0 sends it whole.
        var fragmentBytes = 0
        /// Seconds between the server's `PING :tmi.twitch.tv`; 0 sends none.
        var pingInterval = 240.0
        /// Seconds a client has for its PONG.
        var pongTimeout = 10.0
        /// Seconds between WebSocket ping frames; 0 sends none.
        var webSocketPingInterval = 0.0
        /// Bytes waiting for a connection's socket above which no more chat is handed to it.
        var highWaterMark = 262_144
        /// Seconds a reader may take nothing before it is closed; 0 waits for ever.
        var slowReaderTimeout = 60.0
    }

    /// Whose login succeeds.
    struct Login: Sendable {
        /// Tokens (without `oauth:`) that are answered by "Login authentication failed".
        var refusedTokens: Set<String> = []
        /// Token to login. When not empty, every other token fails, and NICK must match.
        var accounts: [String: String] = [:]
    }
}
