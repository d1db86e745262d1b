/// `sub` or `resub`.
package struct Subscription: Hashable, Sendable {
    package let isResub: Bool
    /// Sometimes 0 on a new subscription.
    package let cumulativeMonths: Int?
    package let sharesStreak: Bool
    /// nil when not shared.
    package let streakMonths: Int?
    /// `Prime`, `1000`, `2000` or `3000`.
    package let plan: String?
    package let planName: String?
    package let multimonthDuration: Int?
    /// 0 with a duration over 1: bought in advance just now.
    package let multimonthTenure: Int?
    package let wasGifted: Bool
    /// What it redeems, when `wasGifted` and the gift was for several months.
    package let redeemedGift: RedeemedGift?

    /// A gift of several months, one of which is redeemed.
    package struct RedeemedGift: Hashable, Sendable {
        package let gifter: NoticeUser
        package let isAnonymous: Bool
        package let months: Int?
        package let monthBeingRedeemed: Int?
    }

    init(_ parameters: NoticeParameters, isResub: Bool) {
        self.isResub = isResub
        self.cumulativeMonths = parameters.integer("cumulative-months")
        self.sharesStreak = parameters.flag("should-share-streak") ?? false
        self.streakMonths = parameters.integer("streak-months").flatMap { $0 > 0 ? $0 : nil }
        self.plan = parameters.text("sub-plan")
        self.planName = parameters.text("sub-plan-name")
        self.multimonthDuration = parameters.integer("multimonth-duration")
        self.multimonthTenure = parameters.integer("multimonth-tenure")
        self.wasGifted = parameters.flag("was-gifted") ?? false
        let gifter = NoticeUser(
            id: parameters.text("gifter-id"),
            login: parameters.text("gifter-login"),
            name: parameters.text("gifter-name")
        )
        let months = parameters.integer("gift-months")
        let isAnonymous = parameters.flag("anon-gift")
        self.redeemedGift =
            gifter.id == nil && months == nil && isAnonymous != true
            ? nil
            : RedeemedGift(
                gifter: gifter,
                isAnonymous: isAnonymous ?? false,
                months: months,
                monthBeingRedeemed: parameters.integer("gift-month-being-redeemed")
            )
    }
}
