import Protocol

/// What two readers' copies of one thing have in common: all but the time and who told it.
package struct CopyContent: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int)
        case boolean(Bool)
        case null
    }

    package let table: CopyTable
    /// One for each of the table's `contentColumns`, as the column holds it.
    package let values: [Value]

    /// An event's content and its time; nil for an event that has an id of its own or comes from one place only.
    static func of(_ event: Event) -> (content: CopyContent, at: Timestamp)? {
        switch event {
        case .ban(let ban):
            let values = [
                Value(ban.broadcasterUserID), Value(ban.broadcasterUserLogin), Value(ban.userID), Value(ban.userLogin),
                Value(ban.isPermanent), Value(ban.durationSeconds),
            ]
            return (CopyContent(table: .bans, values: values), ban.bannedAt)
        case .chatClear(let clear):
            let values = [Value(clear.broadcasterUserID), Value(clear.broadcasterUserLogin)]
            return (CopyContent(table: .clears, values: values), clear.clearedAt)
        case .chatNotice(let notice):
            let values = [Value(notice.broadcasterUserLogin), Value(notice.noticeID), Value(notice.message)]
            return (CopyContent(table: .notices, values: values), notice.receivedAt)
        case .chatSettingsUpdate(let settings):
            let values = [
                Value(settings.broadcasterUserLogin), Value(settings.emoteMode), Value(settings.followerModeMinutes),
                Value(settings.uniqueChatMode), Value(settings.slowModeSeconds), Value(settings.subscriberMode),
            ]
            return (CopyContent(table: .settings, values: values), settings.receivedAt)
        default: return nil
        }
    }
}

extension CopyContent.Value {
    fileprivate init(_ text: String?) {
        self = text.map { .text($0.storable) } ?? .null
    }

    fileprivate init(_ number: Int?) {
        self = number.map { .integer($0) } ?? .null
    }

    fileprivate init(_ truth: Bool?) {
        self = truth.map { .boolean($0) } ?? .null
    }
}
