extension ChatGenerator {
    /// A USERNOTICE of any kind.
    mutating func writeUserNotice(_ kind: ChatKind, in room: Room, at milliseconds: Int64, to line: inout [UInt8]) {
        let chatter = self.chatters[room.random.below(self.chatters.count)]
        let other = self.chatters[room.random.below(self.chatters.count)]
        let phrase = self.phrases[room.random.below(self.firstEmotePhrase)]
        let sequence = room.nextSequence()
        let notice = Self.notice(kind, chatter, other, room)
        let hasText = notice.text == .always || notice.text == .sometimes && room.random.chance(50)

        line.append(UInt8(ascii: "@"))
        line += chatter.head
        line.append("emotes=")
        if hasText { line += phrase.emotes }
        line.append(";flags=;id=")
        self.appendID(room: room, sequence: sequence, to: &line)
        line.append(";login=\(chatter.login);mod=\(chatter.isModerator ? 1 : 0);msg-id=\(kind.rawValue);")
        for (key, value) in notice.parameters { line.append("msg-param-\(key)=\(TagValue.escape(value));") }
        line.append("room-id=\(room.roomID);")
        if kind == .sharedchatnotice {
            let source = "5eac0000" + self.messageID(room: room, sequence: sequence).dropFirst(8)
            line.append(
                "source-badge-info=;source-badges=staff/1,moderator/1;source-id=\(source);"
                    + "source-msg-id=announcement;source-room-id=900100299;"
            )
        }
        line.append(
            "subscriber=\(chatter.isSubscriber ? 1 : 0);system-msg=\(TagValue.escape(notice.sentence));tmi-sent-ts="
        )
        line.appendDecimal(milliseconds)
        line.append(
            ";user-id=\(chatter.userID);user-type=\(chatter.isModerator ? "mod" : "");vip=\(chatter.isVIP ? 1 : 0) "
                + ":tmi.twitch.tv USERNOTICE #\(room.login)"
        )
        if hasText {
            line.append(" :")
            line += phrase.bytes
        }
    }

    private enum TextUse {
        case never
        case sometimes
        case always
    }

    private struct Notice {
        var sentence: String
        var text: TextUse
        var parameters: [(String, String)]

        init(_ sentence: String, _ parameters: [(String, String)] = [], text: TextUse = .never) {
            self.sentence = sentence
            self.parameters = parameters
            self.text = text
        }
    }

    private static func notice(_ kind: ChatKind, _ chatter: Chatter, _ other: Chatter, _ room: Room) -> Notice {
        switch kind {
        case .sub, .resub, .subgift, .submysterygift, .giftpaidupgrade, .anongiftpaidupgrade, .primepaidupgrade,
            .standardpayforward, .communitypayforward, .rewardgift:
            self.subscription(kind, chatter, other, room)
        default: self.occasion(kind, chatter, room)
        }
    }

    private static func subscription(_ kind: ChatKind, _ chatter: Chatter, _ other: Chatter, _ room: Room) -> Notice {
        let name = chatter.shownName
        let months = 2 + room.random.below(60)
        let plan = ["Prime", "1000", "2000", "3000"][room.random.below(4)]
        let planName = "Channel Subscription (\(room.login))"
        let origin = "\(room.sequence)8862142563198470001".prefix(19)
        let recipient = [
            ("recipient-display-name", other.shownName), ("recipient-id", other.userID),
            ("recipient-user-name", other.login),
        ]
        let prior = [
            ("prior-gifter-anonymous", "false"), ("prior-gifter-display-name", other.shownName),
            ("prior-gifter-id", other.userID), ("prior-gifter-user-name", other.login),
        ]
        let common = [("sub-plan-name", planName), ("sub-plan", plan), ("was-gifted", "false")]
        switch kind {
        case .sub:
            return Notice(
                "\(name) subscribed with Prime.",
                [
                    ("cumulative-months", "1"), ("months", "0"), ("multimonth-duration", "1"),
                    ("multimonth-tenure", "0"), ("should-share-streak", "0"),
                ] + common
            )
        case .resub:
            return Notice(
                "\(name) subscribed at Tier 1. They've subscribed for \(months) months, currently on a 2 month streak!",
                [
                    ("cumulative-months", "\(months)"), ("months", "0"), ("multimonth-duration", "4"),
                    ("multimonth-tenure", "3"), ("should-share-streak", "1"), ("streak-months", "2"),
                ] + common,
                text: .sometimes
            )
        case .subgift:
            return Notice(
                "\(name) gifted a Tier 1 sub to \(other.shownName)! ",
                [("gift-months", "1"), ("months", "\(months)"), ("origin-id", "\(origin)")] + recipient
                    + [("sender-count", "5"), ("sub-plan-name", planName), ("sub-plan", "1000")]
            )
        case .submysterygift:
            return Notice(
                "\(name) is gifting 20 Tier 1 Subs to \(room.login)'s community! They've gifted a total of 100!",
                [
                    ("community-gift-id", "\(origin)"), ("mass-gift-count", "20"), ("origin-id", "\(origin)"),
                    ("sender-count", "100"), ("sub-plan", "1000"),
                ]
            )
        case .giftpaidupgrade:
            return Notice(
                "\(name) is continuing the Gift Sub they got from \(other.shownName)!",
                [
                    ("promo-gift-total", "4003"), ("promo-name", "Subtember"), ("sender-login", other.login),
                    ("sender-name", other.shownName),
                ]
            )
        case .anongiftpaidupgrade:
            return Notice("\(name) is continuing the Gift Sub they got from an anonymous user!")
        case .primepaidupgrade:
            return Notice("\(name) converted from a Prime sub to a Tier 1 sub!", [("sub-plan", "1000")])
        case .standardpayforward:
            return Notice("\(name) is paying forward the Gift they got from \(other.shownName)!", prior + recipient)
        case .communitypayforward:
            return Notice("\(name) is paying forward the Gift they got to the community!", prior)
        default:
            return Notice(
                "\(name)'s Gift shared rewards to 100 others in Chat!",
                [
                    ("domain", "seasonal_2026"), ("selected-count", "100"), ("total-reward-count", "100"),
                    ("trigger-amount", "20"), ("trigger-type", "SUBGIFT"),
                ]
            )
        }
    }

    private static func occasion(_ kind: ChatKind, _ chatter: Chatter, _ room: Room) -> Notice {
        let name = chatter.shownName
        let number = 1 + room.random.below(900)
        switch kind {
        case .raid:
            let picture =
                "https://static-cdn.jtvnw.net/jtv_user_pictures/00000000-1111-4222-8333-444444444444-profile_image-%s.png"
            return Notice(
                "\(number) raiders from \(name) have joined!",
                [
                    ("displayName", name), ("login", chatter.login), ("profileImageURL", picture),
                    ("viewerCount", "\(number)"),
                ]
            )
        case .unraid: return Notice("The raid has been cancelled.")
        case .ritual:
            return Notice("@\(name) is new here. Say hello!", [("ritual-name", "new_chatter")], text: .always)
        case .bitsbadgetier:
            return Notice("bits badge tier notification", [("threshold", "1000")], text: .sometimes)
        case .announcement, .sharedchatnotice:
            let color = ["PRIMARY", "BLUE", "GREEN", "ORANGE", "PURPLE"][room.random.below(5)]
            return Notice("", [("color", color)], text: .always)
        case .viewermilestone:
            return Notice(
                "\(name) watched \(number) consecutive streams and sparked a watch streak!",
                [
                    ("category", "watch-streak"), ("copoReward", "450"),
                    ("id", "5b2d9c10-0000-4000-8000-00000000000e"), ("value", "\(number)"),
                ],
                text: .sometimes
            )
        case .modiversary:
            return Notice("has been a moderator for 18 months!", [("months", "18")], text: .always)
        case .socialsharingbadge:
            return Notice("Unlocked a social sharing badge", [("current-badge-level", "1")], text: .sometimes)
        default:
            return Notice(
                "\(name): Donated EUR 5 to support Clean Bays",
                [
                    ("charity-name", "Clean Bays"), ("donation-amount", "500"), ("donation-currency", "EUR"),
                    ("exponent", "2"),
                ]
            )
        }
    }
}
