import Testing

@testable import TwitchIRC

@Suite struct UserNoticeTests {
    @Test func `a resub has its text, its sentence and its months`() throws {
        let notice = try usernotice(
            "display-name=Gutrinna;emotes=25:0-4;id=3;login=gutrinna;msg-id=resub;msg-param-cumulative-months=6;"
                + "msg-param-multimonth-duration=4;msg-param-multimonth-tenure=3;msg-param-should-share-streak=1;"
                + "msg-param-streak-months=4;msg-param-sub-plan-name=Harbor\\screw;msg-param-sub-plan=1000;"
                + "msg-param-was-gifted=false;room-id=9;system-msg=six\\smonths;tmi-sent-ts=1790000200002;user-id=8;vip=0",
            text: " :Kappa half a year"
        )
        guard case .subscription(let subscription) = notice.kind else { throw UnexpectedKind() }
        #expect(subscription.isResub && subscription.cumulativeMonths == 6 && subscription.streakMonths == 4)
        #expect(subscription.plan == "1000" && subscription.planName == "Harbor crew" && subscription.sharesStreak)
        #expect(subscription.multimonthDuration == 4 && subscription.multimonthTenure == 3)
        #expect(!subscription.wasGifted && subscription.redeemedGift == nil)
        #expect(notice.text == "Kappa half a year" && notice.emotes.first?.code(in: notice.text) == "Kappa")
        #expect(notice.systemMessage == "six months" && notice.login == "gutrinna" && !notice.isVIP)
        #expect(notice.parameters["sub-plan-name"] == "Harbor crew" && notice.parameters.count == 8)
        #expect(notice.sentMilliseconds == 1_790_000_200_002 && notice.channel == "quietharbor")
    }

    @Test func `a resub may redeem one month of a gift`() throws {
        let notice = try usernotice(
            "msg-id=resub;msg-param-anon-gift=false;msg-param-gift-month-being-redeemed=3;msg-param-gift-months=6;"
                + "msg-param-gifter-id=8;msg-param-gifter-login=ada;msg-param-gifter-name=Ada;msg-param-was-gifted=true"
        )
        guard case .subscription(let subscription) = notice.kind else { throw UnexpectedKind() }
        #expect(subscription.wasGifted && subscription.redeemedGift?.months == 6)
        #expect(subscription.redeemedGift?.monthBeingRedeemed == 3)
        #expect(subscription.redeemedGift?.gifter == .init(id: "8", login: "ada", name: "Ada"))
        #expect(notice.text.isEmpty && !notice.isAction)
    }

    @Test(arguments: [
        ("msg-id=subgift;user-id=274598607", true), ("msg-id=subgift;user-id=1", false),
        ("msg-id=anonsubgift;user-id=1", true),
    ])
    func `a gift tells its recipient and whether the gifter is anonymous`(tags: String, isAnonymous: Bool) throws {
        let notice = try usernotice(
            "\(tags);msg-param-gift-months=1;msg-param-months=13;msg-param-recipient-display-name=Dotty;"
                + "msg-param-recipient-id=7;msg-param-recipient-user-name=dotty;msg-param-origin-id=o;"
                + "msg-param-goal-contribution-type=SUBS;msg-param-goal-current-contributions=2"
        )
        guard case .subgift(let gift) = notice.kind else { throw UnexpectedKind() }
        #expect(gift.isAnonymous == isAnonymous && gift.giftMonths == 1 && gift.cumulativeMonths == 13)
        #expect(gift.recipient == .init(id: "7", login: "dotty", name: "Dotty") && gift.originID == "o")
        #expect(gift.goal?.currentContributions == 2 && gift.senderCount == nil)
    }

    @Test func `a mystery gift tells how many`() throws {
        let notice = try usernotice(
            "msg-id=submysterygift;msg-param-mass-gift-count=20;msg-param-sender-count=100;user-id=1"
        )
        guard case .mysteryGift(let gift) = notice.kind else { throw UnexpectedKind() }
        #expect(gift.giftCount == 20 && gift.senderCount == 100 && !gift.isAnonymous)
    }

    @Test(arguments: [
        (
            "msg-id=giftpaidupgrade;P-sender-login=ada;P-sender-name=Ada",
            UserNoticeKind.giftPaidUpgrade(gifterLogin: "ada", gifterName: "Ada", promotion: nil)
        ),
        ("msg-id=anongiftpaidupgrade", .anonymousGiftPaidUpgrade(promotion: nil)),
        ("msg-id=primepaidupgrade;P-sub-plan=1000", .primePaidUpgrade(plan: "1000")),
        (
            "msg-id=extendsub;P-sub-plan=2000;P-cumulative-months=4;P-sub-benefit-end-month=12",
            .extendSubscription(plan: "2000", cumulativeMonths: 4, benefitEndMonth: 12)
        ),
        (
            "msg-id=primecommunitygiftreceived;P-gift-name=Crate;P-recipient=ola",
            .primeCommunityGiftReceived(giftName: "Crate", recipient: "ola")
        ),
        (
            "msg-id=raid;P-displayName=Loud;P-login=loud;P-profileImageURL=https://x/%s.png;P-viewerCount=430",
            .raid(login: "loud", displayName: "Loud", profileImageURL: "https://x/%s.png", viewers: 430)
        ),
        ("msg-id=unraid", .unraid), ("msg-id=ritual;P-ritual-name=new_chatter", .ritual(name: "new_chatter")),
        ("msg-id=bitsbadgetier;P-threshold=1000", .bitsBadgeTier(threshold: 1_000)),
        ("msg-id=announcement;P-color=PRIMARY", .announcement(color: "PRIMARY")),
        (
            "msg-id=viewermilestone;P-category=watch-streak;P-copoReward=450;P-id=5b;P-value=10",
            .viewerMilestone(category: "watch-streak", id: "5b", value: 10, channelPoints: 450)
        ),
        ("msg-id=modiversary;P-months=18", .modiversary(months: 18)),
        ("msg-id=socialsharingbadge;P-current-badge-level=1", .socialSharingBadge(level: 1)),
        (
            "msg-id=charitydonation;P-charity-name=Clean\\sBays;P-donation-amount=500;P-donation-currency=EUR;P-exponent=2",
            .charityDonation(charity: "Clean Bays", amount: 500, currency: "EUR", exponent: 2)
        ),
        (
            "msg-id=midnightsquid;P-amount=600;P-currency=BRL;P-exponent=2",
            .midnightSquid(amount: 600, currency: "BRL", exponent: 2)
        ),
        ("msg-id=sharedchatnotice;source-msg-id=announcement", .sharedChatNotice(sourceKind: "announcement")),
        ("msg-id=somethingnew;P-x=1", .unknown("somethingnew")), ("id=1", .unknown("")),
    ])
    func `every kind has its own parameters`(tags: String, kind: UserNoticeKind) throws {
        #expect(try usernotice(tags.replacing("P-", with: "msg-param-")).kind == kind)
    }

    @Test func `gifts paid forward name the one before`() throws {
        let gifter =
            "msg-param-prior-gifter-anonymous=true;msg-param-prior-gifter-id=8;msg-param-prior-gifter-user-name=ada"
        guard case .communityPayForward(let prior) = try usernotice("msg-id=communitypayforward;\(gifter)").kind
        else { throw UnexpectedKind() }
        #expect(prior.isAnonymous && prior.user.login == "ada" && prior.user.id == "8")
        guard
            case .standardPayForward(_, let recipient) = try usernotice(
                "msg-id=standardpayforward;\(gifter);msg-param-recipient-id=7"
            ).kind
        else { throw UnexpectedKind() }
        #expect(recipient.id == "7")
    }

    @Test func `a reward gift tells what triggered it`() throws {
        let notice = try usernotice("msg-id=rewardgift;msg-param-trigger-type=CHEER;msg-param-selected-count=9")
        guard case .rewardGift(let gift) = notice.kind else { throw UnexpectedKind() }
        #expect(gift.triggerType == "CHEER" && gift.selectedCount == 9)
    }

    @Test func `an unknown kind keeps all its parameters`() throws {
        let notice = try usernotice("msg-id=somethingnew;msg-param-x=a\\sb;msg-param-y=;msg-param-=z")
        #expect(notice.kindName == "somethingnew" && notice.parameters == ["x": "a b", "y": ""])
    }

    @Test func `an ACTION wrapper is told and stays`() throws {
        let notice = try usernotice("msg-id=resub", text: " :\u{1}ACTION hi\u{1}")
        #expect(notice.isAction && notice.text == "\u{1}ACTION hi\u{1}")
    }
}
