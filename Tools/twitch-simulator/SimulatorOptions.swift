import ArgumentParser
import Logging

/// The command line.
struct SimulatorOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "Port of the IRC WebSocket; 0 takes any free one.")
    var ircPort = 0
    @Option(help: "Port of the HTTP control API; 0 takes any free one.")
    var controlPort = 0
    @Option(help: "PEM file of a certificate chain: serve wss.")
    var tlsCertificate: String?
    @Option(help: "PEM file of the certificate's key.")
    var tlsKey: String?

    @Option(help: "Comma-separated logins that chat is generated for, the busiest first.")
    var channels = SimulatorSettings.Chat().channels.joined(separator: ",")
    @Option(help: "'listed': generate for --channels; 'joined': for whatever is joined.")
    var generate = Generate.listed
    @Flag(help: "Only --channels (and replayed ones) can be joined; other JOINs are dropped silently.")
    var onlyListed = false
    @Option(help: "Lines per second over all channels; 0 is silence until told over HTTP.")
    var rate = 5.0
    @Option(help: "Seed of the generated chat.")
    var seed: UInt64 = 1
    @Option(help: "First group of every generated message id; by default from the time of start.")
    var runID: UInt32?
    @Option(help: "Deliver this file's raw lines, one per LF, into the channels they name, instead of generating.")
    var replay: String?
    @Option(help: "Replayed lines per second; by default as fast as the readers take them.")
    var replayRate: Double?

    @Option(help: "Chat lines per WebSocket message at most, 1 to 50.")
    var linesPerFrame = 10
    @Option(help: "Cut messages into WebSocket fragments of this many bytes; 0 does not.")
    var fragmentBytes = 0
    @Option(help: "Seconds between PINGs; 0 sends none.")
    var pingInterval = 240.0
    @Option(help: "Seconds a client has to answer.")
    var pongTimeout = 10.0
    @Option(help: "Seconds between WebSocket pings; 0 sends none.")
    var webSocketPingInterval = 0.0
    @Option(help: "Close a reader that takes nothing for this many seconds; 0 waits for ever.")
    var slowReaderTimeout = 60.0

    @Option(help: "JOIN attempts per user in 10 s.")
    var joinLimit = 20
    @Option(help: "Login attempts per user in 10 s.")
    var loginLimit = 20
    @Option(help: "Rooms one user may be in at once; 0 is no limit.")
    var roomLimit = 100
    @Option(help: "A token (without oauth:) whose login fails; may be repeated.")
    var refuseToken: [String] = []
    @Option(help: "LOGIN=TOKEN, may be repeated: only these accounts, issued tokens and justinfan… can log in.")
    var account: [String] = []

    @OptionGroup(title: "OAuth") var oauth: OAuthOptions
    @OptionGroup(title: "Helix") var helix: HelixOptions

    @Option(help: "Log level on standard error.", transform: Self.level)
    var logLevel = Logger.Level.info

    @Flag(help: .hidden)
    var supervised = false

    enum Generate: String, ExpressibleByArgument, CaseIterable {
        case listed
        case joined
    }

    private static func level(_ name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name) else {
            throw ValidationError(
                "--log-level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return level
    }

    mutating func validate() throws {
        for login in self.logins where !Login.isValid(login) {
            throw ValidationError("--channels: '\(login)' is no login (1 to 25 of a-z, 0-9, _)")
        }
        guard (1...50).contains(self.linesPerFrame) else { throw ValidationError("--lines-per-frame is 1 to 50") }
        guard self.rate >= 0 else { throw ValidationError("--rate is 0 or more") }
        guard (self.tlsCertificate == nil) == (self.tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key go together")
        }
        for account in self.account where account.split(separator: "=").count != 2 {
            throw ValidationError("--account is LOGIN=TOKEN")
        }
    }

    private var logins: [String] { self.channels.split(separator: ",").map(String.init) }

    /// The settings that the options mean.
    func settings() throws -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.host = self.host
        settings.ircPort = self.ircPort
        settings.controlPort = self.controlPort
        settings.tlsCertificate = self.tlsCertificate
        settings.tlsKey = self.tlsKey
        settings.chat = SimulatorSettings.Chat(
            channels: self.logins,
            generatesForJoined: self.generate == .joined,
            anyChannelExists: !self.onlyListed,
            rate: self.rate,
            seed: self.seed,
            runID: self.runID,
            replay: self.replay,
            replayRate: self.replayRate
        )
        settings.wire.linesPerFrame = self.linesPerFrame
        settings.wire.fragmentBytes = self.fragmentBytes
        settings.wire.pingInterval = self.pingInterval
        settings.wire.pongTimeout = self.pongTimeout
        settings.wire.webSocketPingInterval = self.webSocketPingInterval
        settings.wire.slowReaderTimeout = self.slowReaderTimeout
        settings.limits.joinAttempts = self.joinLimit
        settings.limits.loginAttempts = self.loginLimit
        settings.limits.roomsPerUser = self.roomLimit
        settings.login.refusedTokens = Set(self.refuseToken)
        for account in self.account {
            let parts = account.split(separator: "=").map(String.init)
            settings.login.accounts[parts[1]] = parts[0]
        }
        self.oauth.apply(to: &settings.oauth)
        self.helix.apply(to: &settings.helix)
        return settings
    }
}
