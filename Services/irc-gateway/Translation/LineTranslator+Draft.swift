import Protocol
import TwitchIRC

extension LineTranslator {
    /// The draft of a line's event, small enough for an envelope whatever the line holds.
    ///
    /// JSON writes a control character as six bytes and an emote's range as forty, so a line can grow on its way. First
    /// its raw form is shortened, which loses nothing; if the fields are too large all the same, the line is published
    /// as an unknown one.
    func draft(_ content: ReadLine.Content, of line: ArraySlice<UInt8>, receivedAt: Timestamp) -> EventDraft {
        let draft = draft(content.event, content)
        guard draft.isTooLarge else { return draft }
        let raw = RawLine(shortened: line)
        let shortened = self.draft(content.event.carrying(raw), content)
        guard shortened.isTooLarge else { return shortened }
        let context = LineContext(login: content.login, receivedAt: receivedAt, raw: raw, rooms: rooms)
        return self.draft(.chatNotice(ChatNotice(tooLarge: content.event, line, context)), content)
    }

    private func draft(_ event: Event, _ content: ReadLine.Content) -> EventDraft {
        EventDraft(domain: .chat, subject: content.login, time: content.time, event: event)
    }
}

extension Event {
    /// The same with another raw line; events that have none stay as they are.
    fileprivate func carrying(_ raw: RawLine) -> Event {
        switch self {
        case .chatMessage(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatMessage(event)
        case .chatNotification(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatNotification(event)
        case .chatMessageDelete(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatMessageDelete(event)
        case .chatClear(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatClear(event)
        case .ban(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .ban(event)
        case .chatSettingsUpdate(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatSettingsUpdate(event)
        case .chatNotice(var event):
            (event.raw, event.rawBase64) = (raw.text, raw.base64)
            return .chatNotice(event)
        default:
            return self
        }
    }
}
