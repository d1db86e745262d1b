import EventBus
import Logging
import Protocol
import ServiceLifecycle

/// What asks a history service about holes; nothing where none is set.
struct BackfillServices {
    let book: HoleBook?
    let services: [any Service]

    init(
        _ configuration: GatewayConfiguration,
        _ publisher: EventPublisher,
        _ trouble: JournalTrouble,
        _ intake: ChatIntake,
        _ logger: Logger
    ) {
        guard let base = configuration.history else {
            book = nil
            services = []
            return
        }
        let timing = BackfillTiming()
        let book = HoleBook(timing: timing)
        JournalRecall.read(publisher, into: book, intake: intake, clock: .system, logger: logger)
        let connection = HistoryConnection()
        let backfilling = Backfilling(
            book: book,
            history: HTTPHistory(base: base, client: connection.client, patience: timing.patience),
            intake: intake,
            gateway: publisher.producer,
            timing: timing,
            clock: .system,
            metrics: BackfillMetrics(),
            logger: logger,
            isDurable: { !trouble.isThere },
            publish: { try await publisher.publish($0) }
        )
        self.book = book
        services = [connection, backfilling]
    }
}
