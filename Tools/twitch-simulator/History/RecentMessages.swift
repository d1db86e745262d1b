/// What a recent-messages service remembers: the latest lines of each room that somebody has asked for lately.
struct RecentMessages: Sendable {
    /// How long a room is recorded after it was asked for, and how long its lines are kept, in milliseconds.
    static let lifetime: Int64 = 86_400_000
    /// Lines of one room.
    static let capacity = 500

    private static let commands: Set<String> = [
        "PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG", "NOTICE", "ROOMSTATE",
    ]

    private struct Room {
        var askedAt: Int64
        var lines: [RecentLine] = []
    }

    private var rooms: [String: Room] = [:]

    /// Nobody has asked for anything.
    var isIdle: Bool { self.rooms.isEmpty }

    /// Whether the service listens to a room.
    func records(_ login: String, at now: Int64) -> Bool {
        self.rooms[login].map { now - $0.askedAt < Self.lifetime } ?? false
    }

    /// A line was said, whether anybody else heard it or not.
    mutating func heard(_ line: [UInt8], command: String, in login: String, at now: Int64) {
        guard Self.commands.contains(command), self.records(login, at: now) else { return }
        guard let recent = RecentLine(line, receivedAt: now) else { return }
        recent.markDeletions(in: &self.rooms[login, default: Room(askedAt: now)].lines)
        self.rooms[login]?.lines.append(recent)
        let excess = (self.rooms[login]?.lines.count ?? 0) - Self.capacity
        if excess > 0 { self.rooms[login]?.lines.removeFirst(excess) }
    }

    /// Somebody asks for a room: from now on it is recorded. Nil when it was not until now.
    mutating func lines(of login: String, at now: Int64) -> [RecentLine]? {
        let isKnown = self.records(login, at: now)
        if !isKnown { self.rooms[login] = Room(askedAt: now) }
        self.rooms[login]?.askedAt = now
        return isKnown ? self.rooms[login]?.lines.filter { now - $0.receivedAt < Self.lifetime } : nil
    }
}
