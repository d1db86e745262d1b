extension ChatGenerator {
    /// CLEARCHAT, CLEARMSG, NOTICE, ROOMSTATE.
    mutating func writeModeration(_ kind: ChatKind, in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        switch kind {
        case .timeout, .ban, .clear: self.writeClear(kind, in: room, at: milliseconds, to: &line)
        case .deletion: self.writeDeletion(in: room, at: milliseconds, to: &line)
        case .notice:
            let notice = room.random.pick(Vocabulary.notices)
            line.append(ServerLines.notice(notice.id, in: room.login, notice.text))
        default:
            self.writeModeChange(in: room, to: &line)
        }
    }

    private func writeClear(_ kind: ChatKind, in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        // A CLEARCHAT has no id: its time must tell it from the one before.
        room.lastClearAt = max(milliseconds, room.lastClearAt + 1)
        let chatter = self.chatters[room.random.below(self.chatters.count)]
        let end = "tmi-sent-ts=\(room.lastClearAt) :tmi.twitch.tv CLEARCHAT #\(room.login)"
        switch kind {
        case .timeout:
            let seconds = [1, 10, 60, 600, 1_209_600][room.random.below(5)]
            line.append(
                "@ban-duration=\(seconds);room-id=\(room.roomID);target-user-id=\(chatter.userID);\(end) :\(chatter.login)"
            )
        case .ban:
            line.append("@room-id=\(room.roomID);target-user-id=\(chatter.userID);\(end) :\(chatter.login)")
        default:
            line.append("@room-id=\(room.roomID);\(end)")
        }
    }

    /// Deletes one of the latest messages, each at most once.
    private mutating func writeDeletion(in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        let index = room.random.below(room.recent.count)
        let message = room.recent.remove(at: index)
        room.recentNext = 0
        let author = self.chatters[message.chatter].login
        let text = self.phrases[message.phrase].text
        let said = message.isAction ? "\u{1}ACTION \(text)\u{1}" : text
        line.append(
            "@login=\(author);room-id=;target-msg-id=\(self.messageID(room: room, sequence: message.sequence));"
                + "tmi-sent-ts=\(milliseconds) :tmi.twitch.tv CLEARMSG #\(room.login) :\(said)"
        )
    }

    /// Changes one mode; ROOMSTATE then has only that key and the room's id.
    private func writeModeChange(in room: Room, to line: inout [UInt8]) {
        let change: String
        switch room.random.below(5) {
        case 0:
            room.modes.slow = room.modes.slow == 0 ? 10 : 0
            change = "room-id=\(room.roomID);slow=\(room.modes.slow)"
        case 1:
            room.modes.emoteOnly.toggle()
            change = "emote-only=\(room.modes.emoteOnly ? 1 : 0);room-id=\(room.roomID)"
        case 2:
            room.modes.followersOnly = room.modes.followersOnly == -1 ? 10 : -1
            change = "followers-only=\(room.modes.followersOnly);room-id=\(room.roomID)"
        case 3:
            room.modes.uniqueChat.toggle()
            change = "r9k=\(room.modes.uniqueChat ? 1 : 0);room-id=\(room.roomID)"
        default:
            room.modes.subscribersOnly.toggle()
            change = "room-id=\(room.roomID);subs-only=\(room.modes.subscribersOnly ? 1 : 0)"
        }
        line.append("@\(change) :tmi.twitch.tv ROOMSTATE #\(room.login)")
    }
}
