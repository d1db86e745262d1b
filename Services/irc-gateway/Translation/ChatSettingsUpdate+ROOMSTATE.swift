import Protocol
import TwitchIRC

extension ChatSettingsUpdate {
    init(_ room: RoomState, _ context: LineContext) {
        self.init(
            broadcasterUserID: room.broadcasterUserID(context),
            broadcasterUserLogin: context.login,
            emoteMode: room.emoteOnly,
            followerModeMinutes: room.followersOnlyMinutes,
            uniqueChatMode: room.uniqueChat,
            slowModeSeconds: room.slowSeconds,
            subscriberMode: room.subscribersOnly,
            receivedAt: context.receivedAt,
            raw: context.raw.text,
            rawBase64: context.raw.base64
        )
    }
}
