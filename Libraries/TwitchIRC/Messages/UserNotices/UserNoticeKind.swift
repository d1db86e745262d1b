/// What a USERNOTICE tells. What Twitch left out is nil; a kind unknown here keeps its name, and
/// `UserNotice.parameters` holds all there is to know of any kind.
package enum UserNoticeKind: Hashable, Sendable {
    /// `sub` and `resub`; `isResub` tells them apart.
    case subscription(Subscription)
    /// `subgift` and `anonsubgift`.
    case subgift(SubGift)
    /// `submysterygift` and `anonsubmysterygift`: announces a wave of `subgift`; count one of the two.
    case mysteryGift(MysteryGift)
    case giftPaidUpgrade(gifterLogin: String?, gifterName: String?, promotion: Promotion?)
    case anonymousGiftPaidUpgrade(promotion: Promotion?)
    case primePaidUpgrade(plan: String?)
    case extendSubscription(plan: String?, cumulativeMonths: Int?, benefitEndMonth: Int?)
    case standardPayForward(priorGifter: PriorGifter, recipient: NoticeUser)
    case communityPayForward(priorGifter: PriorGifter)
    case primeCommunityGiftReceived(giftName: String?, recipient: String?)
    case rewardGift(RewardGift)
    /// `profileImageURL` may hold a literal `%s` for the size.
    case raid(login: String?, displayName: String?, profileImageURL: String?, viewers: Int?)
    case unraid
    case ritual(name: String?)
    case bitsBadgeTier(threshold: Int?)
    /// `PRIMARY`, `BLUE`, `GREEN`, `ORANGE`, `PURPLE`.
    case announcement(color: String?)
    case viewerMilestone(category: String?, id: String?, value: Int?, channelPoints: Int?)
    case modiversary(months: Int?)
    case socialSharingBadge(level: Int?)
    /// In units of 10^-`exponent` of `currency`.
    case charityDonation(charity: String?, amount: Int?, currency: String?, exponent: Int?)
    /// In units of 10^-`exponent` of `currency`.
    case midnightSquid(amount: Int?, currency: String?, exponent: Int?)
    /// The copy in another room of a notice whose kind was `sourceKind`.
    case sharedChatNotice(sourceKind: String?)
    /// `msg-id` as sent; empty when there was none.
    case unknown(String)

    init(_ irc: IRCMessage) {
        let parameters = NoticeParameters(irc: irc)
        self =
            switch irc.text(.messageKind) {
            case "sub": .subscription(Subscription(parameters, isResub: false))
            case "resub": .subscription(Subscription(parameters, isResub: true))
            case "subgift": .subgift(SubGift(parameters, isAnonymous: irc.isFromAnonymousGifter))
            case "anonsubgift": .subgift(SubGift(parameters, isAnonymous: true))
            case "submysterygift": .mysteryGift(MysteryGift(parameters, isAnonymous: irc.isFromAnonymousGifter))
            case "anonsubmysterygift": .mysteryGift(MysteryGift(parameters, isAnonymous: true))
            case "giftpaidupgrade":
                .giftPaidUpgrade(
                    gifterLogin: parameters.text("sender-login"),
                    gifterName: parameters.text("sender-name"),
                    promotion: Promotion(parameters)
                )
            case "anongiftpaidupgrade": .anonymousGiftPaidUpgrade(promotion: Promotion(parameters))
            case "primepaidupgrade": .primePaidUpgrade(plan: parameters.text("sub-plan"))
            case "extendsub":
                .extendSubscription(
                    plan: parameters.text("sub-plan"),
                    cumulativeMonths: parameters.integer("cumulative-months"),
                    benefitEndMonth: parameters.integer("sub-benefit-end-month")
                )
            case "standardpayforward":
                .standardPayForward(priorGifter: PriorGifter(parameters), recipient: .recipient(parameters))
            case "communitypayforward": .communityPayForward(priorGifter: PriorGifter(parameters))
            case "primecommunitygiftreceived":
                .primeCommunityGiftReceived(
                    giftName: parameters.text("gift-name"),
                    recipient: parameters.text("recipient")
                )
            case "rewardgift": .rewardGift(RewardGift(parameters))
            case "raid":
                .raid(
                    login: parameters.text("login"),
                    displayName: parameters.text("displayName"),
                    profileImageURL: parameters.text("profileImageURL"),
                    viewers: parameters.integer("viewerCount")
                )
            case "unraid": .unraid
            case "ritual": .ritual(name: parameters.text("ritual-name"))
            case "bitsbadgetier": .bitsBadgeTier(threshold: parameters.integer("threshold"))
            case "announcement": .announcement(color: parameters.text("color"))
            case "viewermilestone":
                .viewerMilestone(
                    category: parameters.text("category"),
                    id: parameters.text("id"),
                    value: parameters.integer("value"),
                    channelPoints: parameters.integer("copoReward")
                )
            case "modiversary": .modiversary(months: parameters.integer("months"))
            case "socialsharingbadge": .socialSharingBadge(level: parameters.integer("current-badge-level"))
            case "charitydonation":
                .charityDonation(
                    charity: parameters.text("charity-name"),
                    amount: parameters.integer("donation-amount"),
                    currency: parameters.text("donation-currency"),
                    exponent: parameters.integer("exponent")
                )
            case "midnightsquid":
                .midnightSquid(
                    amount: parameters.integer("amount"),
                    currency: parameters.text("currency"),
                    exponent: parameters.integer("exponent")
                )
            case "sharedchatnotice": .sharedChatNotice(sourceKind: irc.nonEmpty(.sourceMessageID))
            case let other: .unknown(other)
            }
    }
}

extension IRCMessage {
    /// `ananonymousgifter`, the account that stands for gifters without a name.
    fileprivate var isFromAnonymousGifter: Bool { self.rawValue(.userID).elementsEqual("274598607".utf8) }
}
