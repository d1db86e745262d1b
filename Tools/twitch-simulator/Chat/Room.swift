/// One channel: who reads it, its modes, and what was said there.
///
/// Lives on the simulator's event loop and is only reached through the `Simulator` actor.
final class Room {
    let login: String
    let loginBytes: [UInt8]
    let roomID: String
    let roomIDBytes: [UInt8]
    var readers: [Connection] = []
    var modes = RoomModes()

    /// The room's own randomness: its n-th line does not depend on other rooms.
    var random: SeededRandom
    /// Number of the latest line that carries an id.
    private(set) var sequence: Int64 = 0
    /// `tmi-sent-ts` of the latest CLEARCHAT: no two of a room are equal, since it is all that tells them apart.
    var lastClearAt: Int64 = 0
    /// The latest messages that can be deleted or replied to.
    var recent: [SaidMessage] = []
    var recentNext = 0

    /// Lines handed to at least one reader.
    var offered: [ChatKind: Int] = [:]
    /// Lines that nobody was there for.
    var unheard = 0
    /// Lines due while a reader took no more.
    var withheld = 0
    /// Lines delivered once more by a fault.
    var redelivered = 0

    init(login: String, seed: UInt64, roomID: String? = nil) {
        self.login = login
        self.loginBytes = Array(login.utf8)
        self.roomID = roomID ?? Login.userID(of: login)
        self.roomIDBytes = Array(self.roomID.utf8)
        self.random = SeededRandom(seed: seed ^ Hash.fnv1a(login))
    }

    /// The room of another account under a login that was given up; its message ids go on where the old ones ended.
    init(succeeding old: Room, roomID: String, seed: UInt64) {
        self.login = old.login
        self.loginBytes = old.loginBytes
        self.roomID = roomID
        self.roomIDBytes = Array(roomID.utf8)
        self.random = SeededRandom(seed: seed ^ Hash.fnv1a("\(roomID) as \(old.login)"))
        self.sequence = old.sequence
        self.lastClearAt = old.lastClearAt
        self.offered = old.offered
        self.unheard = old.unheard
        self.withheld = old.withheld
        self.redelivered = old.redelivered
    }

    func nextSequence() -> Int64 {
        self.sequence += 1
        return self.sequence
    }

    func remove(_ connection: Connection) {
        self.readers.removeAll { $0 === connection }
    }

    /// Remembers a message in a ring of 64.
    func remember(_ message: SaidMessage) {
        if self.recent.count < 64 {
            self.recent.append(message)
        } else {
            self.recent[self.recentNext] = message
            self.recentNext = (self.recentNext + 1) % 64
        }
    }
}

/// A message that was offered and may be deleted or replied to.
struct SaidMessage {
    let sequence: Int64
    /// Index into the generator's chatters and phrases.
    let chatter: Int
    let phrase: Int
    let isAction: Bool
}

/// The modes of a room, as ROOMSTATE tells them.
struct RoomModes: Equatable {
    var emoteOnly = false
    var followersOnly = -1
    var uniqueChat = false
    var slow = 0
    var subscribersOnly = false

    /// The full ROOMSTATE that follows a JOIN.
    func full(roomID: String, login: String) -> String {
        "@emote-only=\(self.emoteOnly ? 1 : 0);followers-only=\(self.followersOnly);r9k=\(self.uniqueChat ? 1 : 0);"
            + "room-id=\(roomID);slow=\(self.slow);subs-only=\(self.subscribersOnly ? 1 : 0) "
            + ":tmi.twitch.tv ROOMSTATE #\(login)"
    }
}
