import EventBus
import Protocol

/// One event in the form that was asked for.
struct TapPrinter: Sendable {
    private let format: TapCommand.Format
    private let pretty: EventLine

    init(format: TapCommand.Format, isColoured: Bool) {
        self.format = format
        pretty = EventLine(style: Style(isColoured: isColoured))
    }

    /// The line with its end; nil when the filter leaves it out or there is nothing to show in this form.
    func line(_ received: ReceivedEvent, _ filter: TapFilter) -> String? {
        if format == .json, filter.isEmpty {
            // The envelope goes out as it came: a tap must not lose what a newer gateway added.
            return String(decoding: received.json, as: UTF8.self) + "\n"
        }
        guard let envelope = try? EventCodec.decode(received.json), filter.shows(envelope) else { return nil }
        switch format {
        case .pretty: return pretty.format(envelope) + "\n"
        case .json: return String(decoding: received.json, as: UTF8.self) + "\n"
        case .raw: return envelope.event.raw.map { $0 + "\n" }
        }
    }
}

extension Event {
    /// The IRC line it came from; nil for events that did not come from IRC.
    fileprivate var raw: String? {
        switch self {
        case .chatMessage(let event): event.raw
        case .chatNotification(let event): event.raw
        case .chatMessageDelete(let event): event.raw
        case .chatClear(let event): event.raw
        case .ban(let event): event.raw
        case .unban(let event): event.raw
        case .chatSettingsUpdate(let event): event.raw
        case .chatNotice(let event): event.raw
        case .streamOnline, .streamUpdate, .streamOffline, .userUpdate, .collectionStarted, .collectionStopped,
            .collectionBackfilled, .tokenIssued, .tokenRejected:
            nil
        }
    }
}
