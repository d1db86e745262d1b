import EventBus
import Logging
import Protocol

/// What the journal's last events tell of earlier runs: which messages were heard, when nobody listened, and which holes
/// were not asked about any more.
struct JournalRecall {
    /// How far back it looks, in events.
    static let depth: UInt32 = 20_000
    /// No service remembers more, in milliseconds.
    static let memory: Int64 = 86_400_000

    private let book: HoleBook
    private let intake: ChatIntake
    /// The sessions of each channel whose starts were seen and whose ends were not.
    private var open: [String: Set<String>] = [:]

    init(into book: HoleBook, intake: ChatIntake) {
        self.book = book
        self.intake = intake
    }

    /// Never fails: without it what was said during a restart is not asked for, or without proof.
    static func read(
        _ publisher: EventPublisher,
        into book: HoleBook,
        intake: ChatIntake,
        clock: WallClock,
        logger: Logger
    ) {
        var recall = JournalRecall(into: book, intake: intake)
        do {
            try publisher.forEachLatest(depth) { event in
                guard let envelope = try? EventCodec.decode(event.frame[event.jsonStart...]) else { return }
                recall.apply(envelope.event)
            }
        } catch {
            logger.warning(
                "The journal cannot be read back; what was said during the restart is not asked for",
                metadata: [IRCLogKey.error: "\(error)"]
            )
        }
        book.forget(before: Timestamp(rawValue: clock.now().rawValue - memory))
    }

    mutating func apply(_ event: Event) {
        switch event {
        case .chatMessage(let message) where message.backfilled != true:
            heard(event, message.messageID, message.sentAt, message.broadcasterUserLogin)
        case .chatNotification(let notice) where notice.backfilled != true:
            heard(event, notice.messageID, notice.sentAt, notice.broadcasterUserLogin)
        case .collectionStarted(let start):
            let login = start.broadcasterUserLogin
            guard open[login, default: []].insert(start.sessionID).inserted else { return }
            book.started(login, roomID: start.broadcasterUserID, at: start.startedAt)
        case .collectionStopped(let stop):
            guard let reason = StopReason(rawValue: stop.reason), !reason.isRefusal else { return }
            let login = stop.broadcasterUserLogin
            // The end of one whose start lies further back says nothing while another one is open.
            let isKnown = open[login]?.remove(stop.sessionID) != nil
            if isKnown || open[login]?.isEmpty ?? true { book.stopped(login, because: reason, at: stop.stoppedAt) }
        case .collectionBackfilled(let result):
            book.filled(result.broadcasterUserLogin, from: result.holeStartedAt)
        default:
            break
        }
    }

    private func heard(_ event: Event, _ id: String, _ sentAt: Timestamp, _ login: String) {
        guard let identity = event.identity else { return }
        _ = intake.isNew(IdentityKey.of(identity), at: .now)
        book.heard(Hole.Landmark(messageID: id, sentAt: sentAt), in: login)
    }
}
