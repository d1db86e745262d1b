import EventBus
import Logging
import Protocol

/// What the journal's last events tell of an earlier run: which message of each channel was the last, and since when
/// nobody listens.
enum JournalRecall {
    /// How far back it looks, in events.
    static let depth: UInt32 = 20_000

    /// Never fails: without it holes of a restart are asked for without proof, or not at all.
    static func read(_ publisher: EventPublisher, into book: HoleBook, intake: ChatIntake, logger: Logger) {
        do {
            try publisher.forEachLatest(depth) { event in
                guard let envelope = try? EventCodec.decode(event.frame[event.jsonStart...]) else { return }
                apply(envelope.event, to: book, intake: intake)
            }
        } catch {
            logger.warning(
                "The journal cannot be read back; what was said during the restart is not asked for",
                metadata: [IRCLogKey.error: "\(error)"]
            )
        }
    }

    static func apply(_ event: Event, to book: HoleBook, intake: ChatIntake) {
        switch event {
        case .chatMessage(let message) where message.backfilled != true:
            heard(message.messageID, message.sentAt, message.broadcasterUserLogin, book, intake)
        case .chatNotification(let notice) where notice.backfilled != true:
            heard(notice.messageID, notice.sentAt, notice.broadcasterUserLogin, book, intake)
        case .collectionStopped(let stop):
            guard let reason = StopReason(rawValue: stop.reason), !reason.isRefusal else { return }
            book.recall(stop.broadcasterUserLogin, endedBecause: reason, at: stop.stoppedAt)
        default:
            break
        }
    }

    private static func heard(
        _ id: String,
        _ sentAt: Timestamp,
        _ login: String,
        _ book: HoleBook,
        _ intake: ChatIntake
    ) {
        guard let key = MessageKey.message(id) else { return }
        _ = intake.isNew(key, at: .now)
        book.heard(Hole.Landmark(messageID: id, sentAt: sentAt), in: login)
    }
}
