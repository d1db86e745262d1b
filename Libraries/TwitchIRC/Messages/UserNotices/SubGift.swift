/// `subgift` or `anonsubgift`: one subscription given to one person.
package struct SubGift: Hashable, Sendable {
    package let isAnonymous: Bool
    package let recipient: NoticeUser
    /// How long the recipient has been subscribed in total.
    package let cumulativeMonths: Int?
    /// How many months were given.
    package let giftMonths: Int?
    package let plan: String?
    package let planName: String?
    /// The gifter's gifts in this channel so far; nil when anonymous, 0 too when part of a mass gift.
    package let senderCount: Int?
    /// Joins a wave: equal in the `submysterygift` and its `subgift`s.
    package let originID: String?
    package let communityGiftID: String?
    package let goal: Goal?

    /// The channel's goal that the gift counts towards (`goal-*`).
    package struct Goal: Hashable, Sendable {
        package let contributionType: String
        package let currentContributions: Int?
        package let targetContributions: Int?
        package let userContributions: Int?
        package let description: String?
    }

    init(_ parameters: NoticeParameters, isAnonymous: Bool) {
        self.isAnonymous = isAnonymous
        self.recipient = .recipient(parameters)
        self.cumulativeMonths = parameters.integer("months")
        self.giftMonths = parameters.integer("gift-months")
        self.plan = parameters.text("sub-plan")
        self.planName = parameters.text("sub-plan-name")
        self.senderCount = parameters.integer("sender-count")
        self.originID = parameters.text("origin-id")
        self.communityGiftID = parameters.text("community-gift-id")
        self.goal = parameters.text("goal-contribution-type").map { type in
            Goal(
                contributionType: type,
                currentContributions: parameters.integer("goal-current-contributions"),
                targetContributions: parameters.integer("goal-target-contributions"),
                userContributions: parameters.integer("goal-user-contributions"),
                description: parameters.text("goal-description")
            )
        }
    }
}

/// `submysterygift` or `anonsubmysterygift`: subscriptions given to the community.
package struct MysteryGift: Hashable, Sendable {
    package let isAnonymous: Bool
    package let giftCount: Int?
    /// The gifter's gifts in this channel so far; nil for anonymous gifts and Twitch's own.
    package let senderCount: Int?
    package let plan: String?
    /// Joins a wave: equal in the `submysterygift` and its `subgift`s.
    package let originID: String?
    package let communityGiftID: String?

    init(_ parameters: NoticeParameters, isAnonymous: Bool) {
        self.isAnonymous = isAnonymous
        self.giftCount = parameters.integer("mass-gift-count")
        self.senderCount = parameters.integer("sender-count")
        self.plan = parameters.text("sub-plan")
        self.originID = parameters.text("origin-id")
        self.communityGiftID = parameters.text("community-gift-id")
    }
}
