extension ChatGenerator {
    /// A PRIVMSG of any shape.
    mutating func writeMessage(_ kind: ChatKind, in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        let chatterIndex = room.random.below(self.chatters.count)
        let onlyEmotes = kind == .emoteOnly || kind == .gigantified
        let phraseIndex =
            onlyEmotes
            ? self.firstEmotePhrase + room.random.below(self.phrases.count - self.firstEmotePhrase)
            : room.random.below(self.firstEmotePhrase)
        let chatter = self.chatters[chatterIndex]
        let phrase = self.phrases[phraseIndex]
        let sequence = room.nextSequence()
        let parent = kind == .reply && !room.recent.isEmpty ? room.random.pick(room.recent) : nil
        let shape = self.shape(kind, room: room, sequence: sequence, parent: parent)

        line.append(UInt8(ascii: "@"))
        line += chatter.head
        if let tags = shape.tags { line.append(tags) }
        line.append("emotes=")
        if let emotes = shape.emotes { line.append(emotes) } else { line += phrase.emotes }
        line.append(kind == .firstMessage ? ";first-msg=1;flags=;id=" : ";first-msg=0;flags=;id=")
        self.appendID(room: room, sequence: sequence, to: &line)
        if kind == .returningChatter {
            line.append(";mod=0;returning-chatter=1;room-id=")
        } else {
            line += chatter.beforeRoom
        }
        line += room.roomIDBytes
        line += chatter.beforeTime
        line.appendDecimal(milliseconds)
        line += chatter.beforeChannel
        line += room.loginBytes
        line.append(" :")
        if let text = shape.text {
            line.append(text)
        } else if kind == .action {
            line.append("\u{1}ACTION ")
            line += phrase.bytes
            line.append(1)
        } else {
            line += phrase.bytes
        }
        if shape.text == nil {
            room.remember(
                SaidMessage(
                    sequence: sequence,
                    chatter: chatterIndex,
                    phrase: phraseIndex,
                    isAction: kind == .action
                )
            )
        }
    }

    /// What a kind adds: tags before `emotes`, and its own text with its own emotes.
    private struct Shape {
        var tags: String?
        var text: String?
        var emotes: String?
    }

    private mutating func shape(_ kind: ChatKind, room: Room, sequence: Int64, parent: SaidMessage?) -> Shape {
        switch kind {
        case .cheer:
            let bits = [1, 50, 100, 500, 1000][room.random.below(5)]
            return Shape(tags: "bits=\(bits);", text: "cheer\(bits) nice run", emotes: "")
        case .reply:
            guard let parent else { return Shape() }
            let author = self.chatters[parent.chatter]
            let id = self.messageID(room: room, sequence: parent.sequence)
            let name = TagValue.escape(author.displayName)
            let body = TagValue.escape(self.phrases[parent.phrase].text)
            let who = "\(id);reply-parent-user-id=\(author.userID);reply-parent-user-login=\(author.login)"
            let tags =
                "reply-parent-display-name=\(name);reply-parent-msg-body=\(body);reply-parent-msg-id=\(who);"
                + "reply-thread-parent-display-name=\(name);reply-thread-parent-msg-id=\(id);"
                + "reply-thread-parent-user-id=\(author.userID);reply-thread-parent-user-login=\(author.login);"
            let mention = "@\(author.shownName)"
            let start = mention.unicodeScalars.count + 5
            return Shape(tags: tags, text: "\(mention) yes Kappa", emotes: "25:\(start)-\(start + 4)")
        case .highlight: return Shape(tags: "msg-id=highlighted-message;")
        case .skipSubsMode: return Shape(tags: "msg-id=skip-subs-mode-message;")
        case .userIntro: return Shape(tags: "msg-id=user-intro;")
        case .reward: return Shape(tags: "custom-reward-id=1f7a2f5c-2a51-4b0d-8a44-9c0b7f6e5d06;")
        case .gigantified: return Shape(tags: "emote-only=1;msg-id=gigantified-emote-message;")
        case .emoteOnly: return Shape(tags: "emote-only=1;")
        case .animated:
            return Shape(tags: "animation-id=\(room.random.pick(Vocabulary.animations));msg-id=animated-message;")
        case .gif:
            let url = "https://media1.giphy.com/media/aBcDeF12345/giphy.gif?cid=00aa11bb&ep=v1_gifs_search&ct=g"
            return Shape(tags: "gifs=0-27|aBcDeF12345|\(url);", text: "[Happy Otter GIF by Seaside]", emotes: "")
        case .hypeChat:
            let tags =
                "pinned-chat-paid-amount=1400;pinned-chat-paid-canonical-amount=1400;pinned-chat-paid-currency=NOK;"
                + "pinned-chat-paid-exponent=2;pinned-chat-paid-is-system-message=0;pinned-chat-paid-level=ONE;"
            return Shape(tags: tags)
        case .sharedChat:
            let source = "5eac0000" + self.messageID(room: room, sequence: sequence).dropFirst(8)
            let tags =
                "source-badge-info=subscriber/5;source-badges=moderator/1,subscriber/3;source-id=\(source);"
                + "source-only=0;source-room-id=900100299;"
            return Shape(tags: tags)
        case .sharedChatOrigin:
            let id = self.messageID(room: room, sequence: sequence)
            return Shape(
                tags: "source-badge-info=;source-badges=;source-id=\(id);source-only=0;source-room-id=\(room.roomID);"
            )
        case .message:
            return room.random.chance(30) ? Shape(tags: "client-nonce=5f0c1c9e7a6b4d0fa1b2c3d4e5f60718;") : Shape()
        default: return Shape()
        }
    }
}
