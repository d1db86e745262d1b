import Protocol

/// One event as one line for a person.
struct EventLine: Sendable {
    var style: Style
    /// Columns to fit in; nil for as many as it takes.
    var width: Int?

    /// `12:00:05 #quietharbor  Nora_Velt: hello`
    func format(_ envelope: Envelope) -> String {
        let clock = style.dim(Self.clock(envelope.time))
        let channel = style.cyan("#" + envelope.subject.printable)
        let words = words(envelope.event)
        guard let width else { return "\(clock) \(channel)  \(words)" }
        return TextWidth.fit(styled: "\(clock) \(channel)  \(words)", in: width)
    }

    /// Hours, minutes and seconds, UTC.
    static func clock(_ time: Timestamp) -> String {
        let seconds = ((time.rawValue / 1000) % 86_400 + 86_400) % 86_400
        return Figures.elapsed(.seconds(seconds))
    }

    private func words(_ event: Event) -> String {
        switch event {
        case .chatMessage(let message): chat(message)
        case .chatNotification(let notification): notice(notification)
        case .chatMessageDelete(let delete):
            style.red("deleted") + " \(delete.targetUserLogin.printable): " + style.dim(delete.text.printable)
        case .chatClear: style.red("chat was cleared")
        case .ban(let ban): banned(ban)
        case .unban(let unban): style.green("unbanned") + " \(unban.userLogin.printable)"
        case .chatSettingsUpdate(let update): style.yellow("room ") + settings(update)
        case .chatNotice(let notice): style.yellow("notice ") + notice.message.printable
        case .streamOnline(let stream): style.green("live") + " \(stream.title.printable)"
        case .streamUpdate(let stream): style.yellow("stream ") + stream.title.printable
        case .streamOffline: style.yellow("stream is over")
        case .userUpdate(let user): renamed(user)
        case .collectionStarted: style.green("listening")
        case .collectionStopped(let stop):
            style.yellow("no longer listening") + style.dim(" (\(stop.reason.printable))")
        case .collectionBackfilled(let backfill):
            style.yellow("backfilled ") + "\(Figures.number(backfill.linesPublished, "line"))"
                + (backfill.isComplete ? "" : style.dim(" (in part)"))
        case .tokenIssued: "new token"
        case .tokenRejected(let rejection): style.red("token rejected") + " \(rejection.reason.printable)"
        }
    }

    private func chat(_ message: ChatMessage) -> String {
        let name = message.chatterUserName.isEmpty ? message.chatterUserLogin : message.chatterUserName
        let bits = message.cheer.map { style.yellow(" [\($0.bits) bits]") } ?? ""
        let author = style.colour(message.color, name.printable) + bits
        let text = message.message.text.printable
        return message.isAction ? "\(author) \(text)" : "\(author): \(text)"
    }

    private func notice(_ notification: ChatNotification) -> String {
        let sentence = notification.systemMessage.isEmpty ? notification.chatterUserName : notification.systemMessage
        let typed = notification.message.text.isEmpty ? "" : " “\(notification.message.text.printable)”"
        return style.yellow(notification.noticeType.printable) + " " + sentence.printable + typed
    }

    private func renamed(_ user: UserUpdate) -> String {
        let name = style.yellow("user ") + "\(user.userLogin.printable) is \(user.userID.printable)"
        return name + (user.previousUserLogin.map { ", until now \($0.printable)" } ?? "")
    }

    private func banned(_ ban: Ban) -> String {
        let login = ban.userLogin.printable
        if ban.isPermanent { return style.red("banned") + " \(login)" }
        let length = ban.durationSeconds.map { " for \($0) s" } ?? " for an unknown time"
        return style.red("timeout") + " \(login)" + length
    }

    private func settings(_ update: ChatSettingsUpdate) -> String {
        [
            update.emoteMode.map { "emote-only \($0 ? "on" : "off")" },
            update.followerModeMinutes.map { $0 < 0 ? "followers-only off" : "followers-only \($0) min" },
            update.uniqueChatMode.map { "unique-chat \($0 ? "on" : "off")" },
            update.slowModeSeconds.map { $0 == 0 ? "slow off" : "slow \($0) s" },
            update.subscriberMode.map { "subs-only \($0 ? "on" : "off")" },
        ].compactMap(\.self).joined(separator: ", ")
    }
}
