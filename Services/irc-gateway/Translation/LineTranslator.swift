import Protocol
import Synchronization
import TwitchChat
import TwitchIRC

/// Turns lines into events of the contract and into what the connection itself has to know.
final class LineTranslator: Sendable {
    /// Why a line becomes nothing.
    enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case unparsable(IRCParseError)
        case incomplete(TwitchMessageError)
        /// The channel's name cannot be one.
        case malformedChannel

        var description: String {
            switch self {
            case .unparsable(let error): error.description
            case .incomplete(let error): error.description
            case .malformedChannel: "IRC line names an impossible channel"
            }
        }
    }

    let rooms = RoomDirectory()
    private let authors = Mutex(RecentAuthors())

    func read(_ line: ArraySlice<UInt8>, receivedAt: Timestamp) throws(Failure) -> ReadLine {
        let irc: IRCMessage
        do { irc = try IRCMessage(line) } catch { throw .unparsable(error) }
        let message: TwitchMessage
        do {
            message = try TwitchMessage(irc)
        } catch {
            // Without a text it still has an author, an id or a meaning.
            if let message = PrivateMessage(withoutText: irc) {
                return chat(.privmsg(message), try context(irc, receivedAt))
            }
            if let notice = Notice(withoutText: irc) { return chat(.notice(notice), try context(irc, receivedAt)) }
            // The line still is one of a channel: what it says is kept as it came.
            guard let context = try? context(irc, receivedAt) else { throw .incomplete(error) }
            return ReadLine(content: unknown(irc, context))
        }
        switch message {
        case .ping, .pong, .reconnect, .numeric, .cap:
            return ReadLine(control: IRCSession.Line(message).map { .session($0) })
        case .part(let part):
            return ReadLine(control: .parted(login: part.channel.lowercased(), nick: part.login.lowercased()))
        case .notice(let notice) where notice.channel == nil:
            return ReadLine(control: IRCSession.Line(message).map { .session($0) })
        case .join, .userstate, .globaluserstate, .whisper:
            return ReadLine()
        case .hosttarget, .other:
            // Without a channel there is nobody to whom it could belong.
            guard irc.channel != nil else { return ReadLine() }
            return ReadLine(content: unknown(irc, try context(irc, receivedAt)))
        case .privmsg, .usernotice, .clearchat, .clearmsg, .notice, .roomstate:
            return chat(message, try context(irc, receivedAt))
        }
    }

    private func chat(_ message: TwitchMessage, _ context: LineContext) -> ReadLine {
        switch message {
        case .privmsg(let message):
            let message = ChatMessage(message, id: message.id, context)
            let event = Event.chatMessage(message)
            let key = event.identity.map(IdentityKey.of)
            if key != nil {
                authors.withLock { $0.remember(Self.author(message.messageID, context), by: message.chatterUserID) }
            }
            return content(event, at: message.sentAt, key: key, context)
        case .usernotice(let notice):
            let notice = ChatNotification(notice, id: notice.id, context)
            let event = Event.chatNotification(notice)
            return content(event, at: notice.sentAt, key: event.identity.map(IdentityKey.of), context)
        case .clearchat(let clear):
            return self.clear(clear, context)
        case .clearmsg(let deletion):
            let deletion = ChatMessageDelete(deletion, messageID: deletion.targetMessageID, authorID: nil, context)
            return self.deletion(deletion, context)
        case .notice(let notice):
            var line = content(.chatNotice(ChatNotice(notice, context)), at: context.receivedAt, key: nil, context)
            line.control = notice.messageID.map { .notice(login: context.login, id: $0) }
            return line
        case .roomstate(let room):
            rooms.learn(room.roomID, of: context.login)
            let event = ChatSettingsUpdate(room, context)
            var line = content(.chatSettingsUpdate(event), at: context.receivedAt, key: nil, context)
            line.control = .roomState(login: context.login, isFull: room.isFull, roomID: event.broadcasterUserID)
            return line
        default:
            return ReadLine()
        }
    }

    /// CLEARMSG names the author by login only: the message itself, if it was among the last ones, tells the id.
    private func deletion(_ deletion: ChatMessageDelete, _ context: LineContext) -> ReadLine {
        var deletion = deletion
        deletion.targetUserID = authors.withLock { $0.author(of: Self.author(deletion.messageID, context)) }
        let event = Event.chatMessageDelete(deletion)
        return content(event, at: deletion.deletedAt, key: event.identity.map(IdentityKey.of), context)
    }

    /// By which a message's author is remembered: the room's name, because Twitch leaves its id out of CLEARMSG.
    private static func author(_ messageID: String, _ context: LineContext) -> UInt128 {
        IdentityKey.of(.message(id: messageID, room: "#" + context.login))
    }

    private func clear(_ clear: ClearChat, _ context: LineContext) -> ReadLine {
        let event: Event =
            switch clear.action {
            case .timeout(let login, let userID, let seconds):
                .ban(Ban(clear, login: login, userID: userID, isPermanent: false, seconds: seconds, context))
            case .ban(let login, let userID):
                .ban(Ban(clear, login: login, userID: userID, isPermanent: true, context))
            case .clear:
                .chatClear(ChatClear(clear, context))
            }
        // Without Twitch's time there is nothing that two deliveries are sure to share.
        let key = clear.twitchTime == nil ? nil : event.identity.map(IdentityKey.of)
        return content(event, at: clear.sentAt(context), key: key, context)
    }

    private func unknown(_ irc: IRCMessage, _ context: LineContext) -> ReadLine.Content {
        let event = Event.chatNotice(ChatNotice(unknown: irc, context))
        return ReadLine.Content(login: context.login, time: context.receivedAt, event: event)
    }

    private func content(_ event: Event, at time: Timestamp, key: UInt128?, _ context: LineContext) -> ReadLine {
        ReadLine(content: ReadLine.Content(login: context.login, time: time, event: event, key: key))
    }

    private func context(_ irc: IRCMessage, _ receivedAt: Timestamp) throws(Failure) -> LineContext {
        guard let channel = irc.channel, let login = ChannelName.login(channel) else { throw .malformedChannel }
        return LineContext(login: login, receivedAt: receivedAt, raw: RawLine(irc.bytes), rooms: rooms)
    }
}
