import Protocol
import TwitchIRC

/// What translating one line needs beside its message.
struct LineContext {
    /// The channel's login in lower case.
    var login: String
    var receivedAt: Timestamp
    var raw: RawLine
    var rooms: RoomDirectory
}

extension RoomMessage {
    /// The channel's user id: from the line, or as learnt before.
    func broadcasterUserID(_ context: LineContext) -> String {
        context.rooms.id(roomID, of: context.login)
    }

    /// Twitch's clock; nil where the line does not tell it, or tells what cannot be.
    var twitchTime: Timestamp? {
        guard let time = sentMilliseconds.map({ Timestamp(milliseconds: Int64($0)) }), Timestamp.chatEra.contains(time)
        else { return nil }
        return time
    }

    /// Twitch's clock where the line has it, else ours.
    func sentAt(_ context: LineContext) -> Timestamp { twitchTime ?? context.receivedAt }
}
