import Protocol
import TwitchIRC

extension ChatNotice {
    init(_ notice: Notice, _ context: LineContext) {
        self.init(id: notice.messageID, message: notice.text, context)
    }

    /// A line whose command we do not know, or that lacks what its command needs: the raw line survives.
    init(unknown message: IRCMessage, _ context: LineContext) {
        self.init(id: "unknown:\(message.command.name)", message: message.trailing ?? "", context)
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
