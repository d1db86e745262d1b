import Logging
import Metrics
import Protocol
import ServiceLifecycle

/// Asks a history service for what was said in holes, one request after the other, and publishes what is new.
///
/// It never waits in the way of live chat: it hands a few events at a time to the publisher, and none while the journal
/// cannot be written.
struct Backfilling: Service {
    /// Events that are handed over at once.
    private static let portion = 50

    let book: HoleBook
    let history: any History
    let intake: ChatIntake
    let gateway: String
    let timing: BackfillTiming
    let clock: WallClock
    let metrics: BackfillMetrics
    let logger: Logger
    let isDurable: @Sendable () -> Bool
    let publish: EventSink

    func run() async throws {
        await cancelWhenGracefulShutdown { await work() }
    }

    private func work() async {
        var rest = HistoryRest(timing)
        while await pause(timing.spacing) {
            metrics.waiting.record(book.waiting)
            guard isDurable(), rest.isOver(at: .now), let errand = book.next(at: .now) else { continue }
            do throws(HistoryFailure) {
                switch errand {
                case .remind(let login):
                    _ = try await history.lines(of: login, HistoryRequest(limit: 1))
                    book.asked(login, at: .now)
                case .fill(let hole):
                    try await fill(hole)
                }
                answered(&rest)
            } catch {
                await failed(errand, error, &rest)
            }
        }
    }

    /// False when the gateway stops.
    private func pause(_ duration: Duration) async -> Bool {
        (try? await Task.sleep(for: duration * Double.random(in: 1..<1.2))) != nil
    }

    // MARK: One hole

    private func fill(_ hole: Hole) async throws(HistoryFailure) {
        let (lines, errorCode) = try await read(hole)
        guard !Task.isCancelled else { return }
        book.asked(hole.login, at: .now)
        let excerpt = HistoryExcerpt(lines, of: hole)
        guard let published = await publish(excerpt.lines) else { return }
        // Without the message before it nothing can be proven, and it will not come back; that behind it may come.
        let mayImprove = hole.before != nil && excerpt.hasBefore && !excerpt.hasAfter
        if mayImprove, hole.attempts < timing.retries.count {
            book.postponed(hole, published: published, until: .now + timing.retries[hole.attempts])
            return
        }
        let failure = excerpt.lines.isEmpty && !excerpt.isComplete ? errorCode : nil
        await record(hole, excerpt, published: hole.published + published, failure: failure)
    }

    /// The channel's lines back to the message before the hole, as far as the service has them.
    private func read(_ hole: Hole) async throws(HistoryFailure) -> (lines: [HistoryLine], errorCode: String?) {
        var lines: [HistoryLine] = []
        var errorCode: String?
        var request = HistoryRequest(limit: timing.limit)
        let start = (hole.before?.sentAt ?? hole.from).rawValue - HistoryExcerpt.tolerance
        request.after = Timestamp(rawValue: start)
        var known: Set<UInt128> = []
        for page in 0..<timing.pages {
            if page > 0, !(await pause(timing.spacing)) { break }
            let answer = try await history.lines(of: hole.login, request)
            errorCode = answer.errorCode ?? errorCode
            let now = clock.now()
            let found = answer.messages.compactMap { HistoryLine($0, of: hole.login, by: intake, receivedAt: now) }
            lines = found.filter { known.insert($0.key).inserted } + lines
            guard answer.messages.count >= timing.limit, let oldest = found.compactMap(\.storedAt).min() else { break }
            if let before = hole.before, found.contains(where: { $0.messageID == before.messageID }) { break }
            // Others of the same millisecond may have been cut off.
            let end = Timestamp(rawValue: oldest.rawValue + 1)
            guard request.before.map({ end < $0 }) ?? true else { break }
            request.before = end
        }
        return (lines, errorCode)
    }

    /// Publishes what is not known yet. Nil when the gateway stops.
    private func publish(_ lines: ArraySlice<HistoryLine>) async -> Int? {
        var count = 0
        var events: [EventDraft] = []
        for line in lines {
            guard intake.isNew(line.key, at: .now) else { continue }
            events.append(intake.draft(line.content, of: line.bytes, receivedAt: line.receivedAt))
            count += 1
            guard events.count == Self.portion else { continue }
            guard await hand(events) else { return nil }
            events = []
        }
        guard await hand(events) else { return nil }
        metrics.lines.increment(by: count)
        return count
    }

    private func hand(_ events: [EventDraft]) async -> Bool {
        guard !events.isEmpty else { return true }
        do {
            try await publish(events)
            return true
        } catch {
            return false
        }
    }

    /// Publishes what came of it, behind the lines themselves.
    private func record(_ hole: Hole, _ excerpt: HistoryExcerpt?, published: Int, failure: String?) async {
        let finishedAt = clock.now()
        let result = CollectionBackfilled(
            broadcasterUserID: hole.roomID,
            broadcasterUserLogin: hole.login,
            gateway: gateway,
            source: history.source,
            holeStartedAt: hole.from,
            holeEndedAt: hole.through,
            isComplete: excerpt?.isComplete ?? false,
            messageBefore: excerpt?.hasBefore == true ? hole.before?.messageID : nil,
            messageAfter: excerpt?.hasAfter == true ? hole.after?.messageID : nil,
            linesOffered: excerpt?.lines.count ?? 0,
            linesPublished: published,
            failure: failure,
            finishedAt: finishedAt
        )
        let draft = EventDraft(
            domain: .chat,
            subject: hole.login,
            time: finishedAt,
            event: .collectionBackfilled(result)
        )
        guard await hand([draft]) else { return }
        book.filled(hole)
        metrics.finished(result)
        logger.debug(
            "Asked for what was said in a hole",
            metadata: [
                IRCLogKey.channel: "\(hole.login)", IRCLogKey.count: "\(published)",
                IRCLogKey.reason: "\(failure ?? (result.isComplete ? "complete" : "in part"))",
            ]
        )
    }

    // MARK: Failures

    private func answered(_ rest: inout HistoryRest) {
        if rest.succeeded() { logger.notice("The history service answers again") }
    }

    private func failed(_ errand: HoleBook.Errand, _ failure: HistoryFailure, _ rest: inout HistoryRest) async {
        guard !Task.isCancelled else { return }
        switch failure {
        case .unavailable(let reason, let retryAfter):
            if rest.failed(at: .now, retryAfter: retryAfter) {
                logger.warning(
                    "The history service does not answer; trying again later",
                    metadata: [IRCLogKey.server: "\(history.source)", IRCLogKey.reason: "\(reason)"]
                )
            }
            switch errand {
            case .remind(let login):
                book.postponed(reminderOf: login, until: .now + timing.longestRest)
            case .fill(let hole) where hole.attempts < timing.retries.count:
                book.postponed(hole, published: 0, until: .now + timing.retries[hole.attempts])
            case .fill(let hole):
                await record(hole, nil, published: hole.published, failure: reason)
            }
        case .refused(let reason):
            answered(&rest)
            switch errand {
            case .remind(let login): book.asked(login, at: .now)
            case .fill(let hole): await record(hole, nil, published: hole.published, failure: reason)
            }
        }
    }
}
