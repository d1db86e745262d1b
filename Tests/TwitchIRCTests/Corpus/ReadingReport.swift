import TwitchIRC

/// One line as read here, by the corpus's keys.
struct ReadingReport {
    let irc: IRCMessage
    /// nil where the typed reading failed.
    let typed: TwitchMessage?

    init(_ line: String) throws {
        self.irc = try IRCMessage(Array(line.utf8))
        self.typed = try? TwitchMessage(self.irc)
    }

    /// nil for a key that this kind of message does not have.
    func value(_ key: String) -> JSONValue? {
        switch key {
        case "command": .string(self.irc.command.name)
        case "params": .array(self.irc.parameters.map { .string($0) })
        case "tags": .object(Dictionary(self.irc.rawTags.map { ($0.key, .string($0.value)) }) { $1 })
        case "prefix_raw": JSONValue(self.irc.prefix?.raw)
        case "prefix_parts":
            .object([
                "nick": JSONValue(self.irc.prefix?.nick), "user": JSONValue(self.irc.prefix?.user),
                "host": JSONValue(self.irc.prefix?.host),
            ])
        default: self.typedValue(key)
        }
    }

    private func typedValue(_ key: String) -> JSONValue? {
        switch self.typed {
        case .privmsg(let message): self.room(message, key) ?? self.chatter(message, key) ?? self.privmsg(message, key)
        case .usernotice(let notice):
            self.room(notice, key) ?? self.chatter(notice, key) ?? self.usernotice(notice, key)
        case .clearchat(let clear): self.room(clear, key) ?? self.clearchat(clear, key)
        case .clearmsg(let clear): self.room(clear, key) ?? self.clearmsg(clear, key)
        case .roomstate(let state): self.room(state, key) ?? self.roomstate(state, key)
        case .userstate(let state):
            self.room(state, key) ?? self.chatter(state, key) ?? self.emoteSets(state.emoteSets, key)
        case .globaluserstate(let state): self.chatter(state, key) ?? self.emoteSets(state.emoteSets, key)
        case .notice(let notice): self.notice(notice, key)
        case .join(let membership), .part(let membership): self.membership(membership, key)
        case .whisper(let whisper): self.chatter(whisper, key) ?? self.whisper(whisper, key)
        case .hosttarget(let host): key == "channel" ? .string(host.channel) : nil
        default: nil
        }
    }

    // MARK: - What several kinds have

    private func room(_ message: some RoomMessage, _ key: String) -> JSONValue? {
        switch key {
        case "channel": .string(message.channel)
        case "channel_id": .string(message.roomID)
        case "sent_ts": JSONValue(message.sentMilliseconds)
        default: nil
        }
    }

    private func chatter(_ message: some ChatterTags, _ key: String) -> JSONValue? {
        switch key {
        case "color": JSONValue(message.color)
        case "badges": self.badges(message.badges)
        case "badge_info": self.badges(message.badgeInfo)
        case "sender":
            switch self.typed {
            case .privmsg(let message): self.sender(message, login: message.login)
            case .usernotice(let notice): self.sender(notice, login: notice.login)
            case .whisper(let whisper): self.sender(whisper, login: whisper.login)
            default: self.sender(message, login: nil)
            }
        default: nil
        }
    }

    private func sender(_ message: some ChatterTags, login: String?) -> JSONValue {
        .object(["id": .string(message.userID), "login": JSONValue(login), "name": .string(message.displayName)])
    }

    private func badges(_ badges: [ChatBadge]) -> JSONValue {
        .array(badges.map { .array([.string($0.set), .string($0.version)]) })
    }

    private func emotes(_ emotes: [EmoteOccurrence], in text: String) -> JSONValue {
        .array(
            emotes.map {
                .object([
                    "id": .string($0.id), "start": .integer($0.begin), "end": .integer($0.end),
                    "code": .string($0.code(in: text)),
                ])
            }
        )
    }

    private func emoteSets(_ sets: [String], _ key: String) -> JSONValue? {
        key == "emote_sets" ? .array(sets.map { .string($0) }) : nil
    }

    private func shared(_ origin: SharedChatOrigin?) -> JSONValue {
        origin.map { .object(["room_id": .string($0.roomID), "msg_id": .string($0.messageID)]) } ?? .null
    }

    // MARK: - One kind each

    private func privmsg(_ message: PrivateMessage, _ key: String) -> JSONValue? {
        switch key {
        case "text": .string(message.text)
        case "is_action": .bool(message.isAction)
        case "emotes": self.emotes(message.emotes, in: message.text)
        case "bits": JSONValue(message.bits)
        case "id": .string(message.id)
        case "shared": self.shared(message.sharedChat)
        case "reply":
            message.reply.map {
                .object([
                    "msg_id": .string($0.messageID), "user_id": .string($0.userID), "text": .string($0.body),
                    "user_login": .string($0.userLogin), "user_name": .string($0.displayName),
                ])
            } ?? .null
        default: nil
        }
    }

    private func usernotice(_ notice: UserNotice, _ key: String) -> JSONValue? {
        switch key {
        case "text": .string(notice.text)
        case "is_action": .bool(notice.isAction)
        case "emotes": self.emotes(notice.emotes, in: notice.text)
        case "id": .string(notice.id)
        case "shared": self.shared(notice.sharedChat)
        case "event":
            .object([
                "kind": JSONValue(notice.kindName.isEmpty ? nil : notice.kindName),
                "system_msg": JSONValue(notice.systemMessage.isEmpty ? nil : notice.systemMessage),
                "params_typed": .object(notice.kind.corpusParameters),
            ])
        default: nil
        }
    }

    private func clearchat(_ clear: ClearChat, _ key: String) -> JSONValue? {
        guard key == "clearchat" else { return nil }
        let (action, login, id, seconds): (String, String?, String?, Int?) =
            switch clear.action {
            case .timeout(let login, let userID, let seconds): ("timeout", login, userID, seconds)
            case .ban(let login, let userID): ("ban", login, userID, nil)
            case .clear: ("clear", nil, nil, nil)
            }
        return .object([
            "action": .string(action), "user_login": JSONValue(login), "user_id": JSONValue(id),
            "duration_s": JSONValue(seconds),
        ])
    }

    private func clearmsg(_ clear: ClearMessage, _ key: String) -> JSONValue? {
        switch key {
        case "text": .string(clear.text)
        case "is_action": .bool(clear.isAction)
        case "sender": .object(["login": .string(clear.login)])
        case "clearmsg": .object(["login": .string(clear.login), "target_id": .string(clear.targetMessageID)])
        default: nil
        }
    }

    private func roomstate(_ state: RoomState, _ key: String) -> JSONValue? {
        guard key == "roomstate" else { return nil }
        return .object([
            "emote_only": JSONValue(state.emoteOnly), "followers_only_min": JSONValue(state.followersOnlyMinutes),
            "r9k": JSONValue(state.uniqueChat), "slow_s": JSONValue(state.slowSeconds),
            "subs_only": JSONValue(state.subscribersOnly),
        ])
    }

    private func notice(_ notice: Notice, _ key: String) -> JSONValue? {
        switch key {
        case "channel": JSONValue(notice.channel)
        case "text": .string(notice.text)
        case "notice": .object(["msg_id": JSONValue(notice.messageID)])
        default: nil
        }
    }

    private func membership(_ membership: Membership, _ key: String) -> JSONValue? {
        switch key {
        case "channel": .string(membership.channel)
        case "user_login": .string(membership.login)
        case "sender": .object(["login": .string(membership.login)])
        default: nil
        }
    }

    private func whisper(_ whisper: Whisper, _ key: String) -> JSONValue? {
        switch key {
        case "text": .string(whisper.text)
        case "recipient_login": .string(whisper.recipientLogin)
        case "emotes": self.emotes(whisper.emotes, in: whisper.text)
        default: nil
        }
    }
}

extension UserNoticeKind {
    /// The typed parameters by the corpus's names.
    fileprivate var corpusParameters: [String: JSONValue] {
        switch self {
        case .subscription(let subscription):
            [
                "is_resub": .bool(subscription.isResub),
                "cumulative_months": JSONValue(subscription.cumulativeMonths),
                "streak_months": JSONValue(subscription.streakMonths),
                "sub_plan": JSONValue(subscription.plan),
                "sub_plan_name": JSONValue(subscription.planName),
            ]
        case .subgift(let gift):
            [
                "is_sender_anonymous": .bool(gift.isAnonymous),
                "cumulative_months": JSONValue(gift.cumulativeMonths),
                "recipient": .object([
                    "id": JSONValue(gift.recipient.id), "login": JSONValue(gift.recipient.login),
                    "name": JSONValue(gift.recipient.name),
                ]),
                "sub_plan": JSONValue(gift.plan),
                "sub_plan_name": JSONValue(gift.planName),
                "num_gifted_months": JSONValue(gift.giftMonths),
            ]
        case .mysteryGift(let gift):
            [
                "mass_gift_count": JSONValue(gift.giftCount), "sender_total_gifts": JSONValue(gift.senderCount),
                "sub_plan": JSONValue(gift.plan),
            ]
        case .giftPaidUpgrade(let login, let name, let promotion):
            ["gifter_login": JSONValue(login), "gifter_name": JSONValue(name), "promotion": Self.value(promotion)]
        case .anonymousGiftPaidUpgrade(let promotion): ["promotion": Self.value(promotion)]
        case .raid(_, _, let profileImageURL, let viewers):
            ["viewer_count": JSONValue(viewers), "profile_image_url": JSONValue(profileImageURL)]
        case .bitsBadgeTier(let threshold): ["threshold": JSONValue(threshold)]
        case .ritual(let name): ["ritual_name": JSONValue(name)]
        default: [:]
        }
    }

    private static func value(_ promotion: Promotion?) -> JSONValue {
        promotion.map { .object(["promo_name": .string($0.name), "total_gifts": JSONValue($0.totalGifts)]) } ?? .null
    }
}
