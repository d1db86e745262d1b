import Protocol
import TwitchIRC

extension ChatNotice {
    init(_ notice: Notice, _ context: LineContext) {
        self.init(id: notice.messageID, message: notice.text, context)
    }

    /// A line whose command we do not know, or that lacks what its command needs: the raw line survives.
    init(unknown message: IRCMessage, _ context: LineContext) {
        self.init(id: "unknown:\(message.command.name)", message: message.textBehindTarget, context)
    }

    /// A line whose fields do not fit into an event: its beginning can be read, all of it is in `raw_base64`.
    init(tooLarge event: Event, _ line: ArraySlice<UInt8>, _ context: LineContext) {
        let command = (try? IRCMessage(line))?.command.name ?? event.type.rawValue
        self.init(id: "unknown:\(command.prefix(32))", message: "", context)
    }

    private init(id: String?, message: String, _ context: LineContext) {
        self.init(
            broadcasterUserID: context.rooms.id(of: context.login),
            broadcasterUserLogin: context.login,
            noticeID: id,
            message: message,
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }
}
