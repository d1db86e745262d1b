import Protocol
import TwitchIRC

extension Badge {
    /// Joins `badges` with the exact values of `badge-info`.
    static func list(_ badges: [ChatBadge], info: [ChatBadge]) -> [Badge] {
        badges.map { badge in
            Badge(
                setID: badge.set,
                id: badge.version,
                info: info.first { $0.set == badge.set }?.version ?? ""
            )
        }
    }
}

extension SharedChatSource {
    init(_ origin: SharedChatOrigin) {
        self.init(
            broadcasterUserID: origin.roomID,
            messageID: origin.messageID,
            badges: Badge.list(origin.badges, info: origin.badgeInfo),
            isOnly: origin.isSourceOnly,
            noticeType: origin.noticeKind
        )
    }
}

extension EmoteRange {
    init(_ emote: EmoteOccurrence) {
        self.init(id: emote.id, begin: emote.begin, end: emote.end)
    }
}
