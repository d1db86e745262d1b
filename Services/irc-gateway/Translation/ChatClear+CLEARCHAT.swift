import Protocol
import TwitchIRC

extension ChatClear {
    init(_ clear: ClearChat, _ context: LineContext) {
        self.init(
            broadcasterUserID: clear.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            clearedAt: clear.sentAt(context),
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }
}
