import Protocol
import TwitchIRC

extension ChatNotification {
    init(_ notice: UserNotice, id: String, _ context: LineContext) {
        self.init(
            messageID: id,
            broadcasterUserID: notice.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            chatterUserID: notice.userID,
            chatterUserLogin: notice.login,
            chatterUserName: notice.displayName,
            noticeType: notice.kindName,
            systemMessage: notice.systemMessage,
            message: MessageText(text: notice.spokenText, emotes: notice.spokenEmotes.map(EmoteRange.init)),
            isAction: notice.isAction,
            color: notice.color,
            badges: Badge.list(notice.badges, info: notice.badgeInfo),
            parameters: notice.parameters,
            source: notice.sharedChat.map(SharedChatSource.init),
            isSubscriber: notice.isSubscriber,
            isModerator: notice.isModerator,
            isVIP: notice.isVIP,
            sentAt: notice.sentAt(context),
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }
}
