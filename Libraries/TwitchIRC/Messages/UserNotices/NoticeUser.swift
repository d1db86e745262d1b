/// Another person in a USERNOTICE than the one who acts.
package struct NoticeUser: Hashable, Sendable {
    package let id: String?
    package let login: String?
    package let name: String?

    /// `recipient-*`; very old lines name the login differently.
    static func recipient(_ parameters: NoticeParameters) -> NoticeUser {
        NoticeUser(
            id: parameters.text("recipient-id"),
            login: parameters.text("recipient-user-name") ?? parameters.text("recipient-name"),
            name: parameters.text("recipient-display-name")
        )
    }
}

/// Who gave the gift that is now paid forward (`prior-gifter-*`).
package struct PriorGifter: Hashable, Sendable {
    package let isAnonymous: Bool
    package let user: NoticeUser

    init(_ parameters: NoticeParameters) {
        self.isAnonymous = parameters.flag("prior-gifter-anonymous") ?? false
        self.user = NoticeUser(
            id: parameters.text("prior-gifter-id"),
            login: parameters.text("prior-gifter-user-name"),
            name: parameters.text("prior-gifter-display-name")
        )
    }
}

/// A promotion during which a gift was continued (`promo-*`).
package struct Promotion: Hashable, Sendable {
    package let name: String
    package let totalGifts: Int?

    /// nil when there is none.
    init?(_ parameters: NoticeParameters) {
        guard let name = parameters.text("promo-name") else { return nil }
        self.name = name
        self.totalGifts = parameters.integer("promo-gift-total")
    }
}

/// `rewardgift`: a gift or cheer shared rewards with others in chat.
package struct RewardGift: Hashable, Sendable {
    package let domain: String?
    /// `SUBGIFT` or `CHEER`.
    package let triggerType: String?
    package let triggerAmount: Int?
    package let selectedCount: Int?
    package let totalRewardCount: Int?

    init(_ parameters: NoticeParameters) {
        self.domain = parameters.text("domain")
        self.triggerType = parameters.text("trigger-type")
        self.triggerAmount = parameters.integer("trigger-amount")
        self.selectedCount = parameters.integer("selected-count")
        self.totalRewardCount = parameters.integer("total-reward-count")
    }
}
