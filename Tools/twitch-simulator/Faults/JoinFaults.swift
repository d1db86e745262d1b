/// What a JOIN is refused with.
enum JoinRefusal: String, Codable, Sendable, CaseIterable {
    case suspended = "msg_channel_suspended"
    case banned = "msg_banned"
    case termsOfService = "tos_ban"
    case concurrentLimit = "msg_concurrent_channel_limit_reached"
    /// No answer at all.
    case silent

    /// The notice's text; `nil` when there is no notice.
    func text(_ login: String) -> String? {
        switch self {
        case .suspended: "This channel does not exist or has been suspended."
        case .banned: "You are permanently banned from talking in \(login)."
        case .termsOfService: "The community has closed channel \(login) due to Terms of Service violations."
        case .concurrentLimit:
            "You are connected to too many chat channels. Please close some existing chat connections to join a new "
                + "chat."
        case .silent: nil
        }
    }
}

/// The JOIN faults in force. `nil` as a channel means every channel.
struct JoinFaults {
    private struct Fault {
        var channel: String?
        var nick: String?
        var remaining: Int
        var until: Int64
        var kind: Kind
    }

    private enum Kind {
        case drop
        case delay(milliseconds: Int64)
        case refuse(JoinRefusal)
    }

    private var faults: [Fault] = []

    mutating func drop(_ channel: String?, count: Int, until: Int64 = .max) {
        self.faults.append(Fault(channel: channel, remaining: count, until: until, kind: .drop))
    }

    mutating func delay(_ channel: String?, milliseconds: Int64, count: Int, until: Int64 = .max) {
        self.faults.append(
            Fault(channel: channel, remaining: count, until: until, kind: .delay(milliseconds: milliseconds))
        )
    }

    mutating func refuse(
        _ channel: String?,
        nick: String? = nil,
        with refusal: JoinRefusal,
        count: Int = .max,
        until: Int64 = .max
    ) {
        self.faults.append(
            Fault(channel: channel, nick: nick, remaining: count, until: until, kind: .refuse(refusal))
        )
    }

    /// Ends the faults of a channel, or all.
    mutating func clear(_ channel: String? = nil) {
        self.faults.removeAll { channel == nil || $0.channel == channel }
    }

    mutating func drops(_ channel: String, at now: Int64) -> Bool {
        self.take(channel, nil, at: now) { if case .drop = $0 { true } else { nil } } ?? false
    }

    mutating func delay(_ channel: String, at now: Int64) -> Int64? {
        self.take(channel, nil, at: now) { if case .delay(let milliseconds) = $0 { milliseconds } else { nil } }
    }

    mutating func refusal(of channel: String, nick: String, at now: Int64) -> JoinRefusal? {
        self.take(channel, nick, at: now) { if case .refuse(let refusal) = $0 { refusal } else { nil } }
    }

    private mutating func take<Value>(
        _ channel: String,
        _ nick: String?,
        at now: Int64,
        _ value: (Kind) -> Value?
    ) -> Value? {
        self.faults.removeAll { $0.until <= now || $0.remaining <= 0 }
        for index in self.faults.indices {
            let fault = self.faults[index]
            guard fault.channel == nil || fault.channel == channel else { continue }
            guard fault.nick == nil || fault.nick == nick else { continue }
            guard let found = value(fault.kind) else { continue }
            if fault.remaining != .max { self.faults[index].remaining -= 1 }
            return found
        }
        return nil
    }
}
