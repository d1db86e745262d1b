import Protocol
import TwitchIRC

extension ChatMessage {
    init(_ message: PrivateMessage, id: String, _ context: LineContext) {
        self.init(
            messageID: id,
            broadcasterUserID: message.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            chatterUserID: message.userID,
            chatterUserLogin: message.login,
            chatterUserName: message.displayName,
            message: MessageText(text: message.text, emotes: message.emotes.map(EmoteRange.init)),
            messageType: Self.messageType(message.messageKind),
            isAction: message.isAction,
            color: message.color,
            badges: Badge.list(message.badges, info: message.badgeInfo),
            cheer: message.bits.map { Cheer(bits: $0) },
            reply: message.reply.map(Reply.init),
            channelPointsCustomRewardID: message.customRewardID,
            channelPointsAnimationID: message.animationID,
            source: message.sharedChat.map(SharedChatSource.init),
            isSubscriber: message.isSubscriber,
            isModerator: message.isModerator,
            isVIP: message.isVIP,
            isFirstMessage: message.isFirstMessage,
            isReturningChatter: message.isReturningChatter,
            sentAt: message.sentAt(context),
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }

    /// EventSub's word for an IRC `msg-id`; an unknown one stays as it is.
    private static func messageType(_ kind: String?) -> String {
        switch kind {
        case nil: "text"
        case "highlighted-message": "channel_points_highlighted"
        case "skip-subs-mode-message": "channel_points_sub_only"
        case "user-intro": "user_intro"
        case "animated-message": "power_ups_message_effect"
        case "gigantified-emote-message": "power_ups_gigantified_emote"
        case .some(let other): other
        }
    }
}

extension Reply {
    init(_ parent: ReplyParent) {
        self.init(
            parentMessageID: parent.messageID,
            parentUserID: parent.userID,
            parentUserLogin: parent.userLogin,
            parentUserName: parent.displayName,
            parentMessageBody: parent.body,
            threadMessageID: parent.threadMessageID,
            threadUserID: parent.threadUserID,
            threadUserLogin: parent.threadUserLogin,
            threadUserName: parent.threadDisplayName
        )
    }
}
