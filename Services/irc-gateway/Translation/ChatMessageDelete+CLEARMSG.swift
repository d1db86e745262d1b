import Protocol
import TwitchIRC

extension ChatMessageDelete {
    init(_ deletion: ClearMessage, messageID: String, authorID: String?, _ context: LineContext) {
        self.init(
            broadcasterUserID: deletion.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            targetUserLogin: deletion.login,
            targetUserID: authorID,
            messageID: messageID,
            text: deletion.text,
            isAction: deletion.isAction,
            deletedAt: deletion.sentAt(context),
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }
}
