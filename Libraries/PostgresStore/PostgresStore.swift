package import EventStore
package import Logging
package import Protocol

/// An archive in a PostgreSQL database. One connection, on a thread of its own, one call after the other.
package actor PostgresStore: EventStore {
    package struct Configuration: Sendable {
        package var address: PostgresAddress
        /// Messages and events of whole months that are older than this many days are dropped; nil keeps all.
        package var retentionDays: Int?
        /// The name that the server shows for the session.
        package var application: String
        /// Tells `created_at` and `updated_at`, and which partitions are needed.
        package var clock: WallClock

        package init(
            address: PostgresAddress,
            retentionDays: Int? = nil,
            application: String = "twitch-chat-collector",
            clock: WallClock = .system
        ) {
            self.address = address
            self.retentionDays = retentionDays
            self.application = application
            self.clock = clock
        }
    }

    /// How often partitions are made ahead and old ones dropped.
    private static let maintenanceInterval: Duration = .seconds(3600)
    /// The same while there is more to do.
    private static let shortMaintenanceInterval: Duration = .seconds(10)

    private let configuration: Configuration
    private let logger: Logger
    private let executor = SerialQueueExecutor(label: "postgres-store")
    private var session: Session?
    private var identity: String?
    private var isSharing = false
    private var maintenanceDue: ContinuousClock.Instant?

    /// Connects nothing before `open()`.
    package init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    package nonisolated var sharesPartitions: Bool { true }

    /// Any number of writers may share a database.
    package func claim() -> Bool { true }

    // Asynchronous, or the protocol's default would be chosen before it.
    package func holdsArchive() async throws(EventStoreError) -> Bool {
        do throws(PostgresError) {
            let connection = try Connection(configuration.address, application: configuration.application)
            return try ArchiveIdentity.find(connection) != nil
        } catch {
            throw EventStoreError(error, operation: "connect")
        }
    }

    package func open() throws(EventStoreError) -> String {
        let session = try connected()
        identity = session.identity
        do throws(PostgresError) {
            try maintain(session)
        } catch {
            throw failure(error, "open")
        }
        return session.identity
    }

    package func offsets(of producer: String) throws(EventStoreError) -> [Int: Offset] {
        let session = try connected()
        do throws(PostgresError) {
            return try ProducerRegistry.offsets(of: producer, session.connection)
        } catch {
            throw failure(error, "offsets")
        }
    }

    package func commit(_ batch: StoreBatch) throws(EventStoreError) -> CommitOutcome {
        let session = try connected()
        // A new session has no locks: what it had may be another's by now.
        if isSharing,
            !batch.advances.allSatisfy({ session.ownership?.producers[$0.producer]?.contains($0.partition) == true })
        {
            return .fenced
        }
        let now = configuration.clock.now()
        makePartitions(for: Month.months(of: batch.events), session, now: now)
        let outcome: CommitOutcome
        do throws(PostgresError) {
            guard let written = try BatchTransaction(batch: batch, now: now).write(session) else {
                try session.connection.run("ROLLBACK")
                return .fenced
            }
            outcome = written
        } catch {
            if !error.isBroken { _ = try? session.connection.run("ROLLBACK") }
            throw failure(error, "commit")
        }
        try finish(session)
        return outcome
    }

    // Asynchronous like `rebalance`, for the same reason.
    package func rehearse(_ events: [Envelope]) async throws(EventStoreError) {
        try inSession("rehearse") { session throws(PostgresError) in
            _ = try BatchTransaction(batch: StoreBatch(events: events), now: now).write(session)
            // What waits for COMMIT is to speak as well.
            try session.connection.run("SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK")
        }
    }

    package func settleAttribution(rows: Int) throws(EventStoreError) -> AttributionProgress {
        try inSession("attribute") { session throws(PostgresError) in
            try PendingAttribution.settle(rows: rows, session.connection)
        }
    }

    // Asynchronous like the protocol's default, which would else be chosen before it.
    package func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership {
        isSharing = true
        let session = try connected()
        do throws(PostgresError) {
            let ownership = try share(session, hearing: heard)
            session.ownership = ownership
            if let due = maintenanceDue, due <= .now { try maintain(session) }
            return ownership
        } catch {
            throw failure(error, "rebalance")
        }
    }

    private func share(_ session: Session, hearing heard: [HeardProducer]) throws(PostgresError) -> Ownership {
        let (now, instant) = (configuration.clock.now(), ContinuousClock.now)
        try session.registry.prepare(for: heard, session.connection, now: now, instant: instant)
        var ownership = Ownership(partitions: [])
        let accepted = heard.filter { one in
            ownership.refused[one.producer] = session.registry.refusal(of: one)
            return ownership.refused[one.producer] == nil
        }
        let numbers = accepted.compactMap { one in session.registry.number(of: one.producer).map { (one.producer, $0) }
        }
        let share = try session.locks.rebalance(
            session.connection,
            pid: session.pid,
            hearing: Set(numbers.map(\.1))
        )
        session.absences.update(share, now: instant)
        try session.registry.note(accepted, share, session.connection, now: now, instant: instant)
        ownership.partitions = Set(share.owners.filter { $0.value == session.pid }.keys)
        for (producer, number) in numbers {
            ownership.producers[producer] = share.partitions(of: number, session.absences, now: instant)
        }
        ownership.elsewhere = Set(
            share.heardByAny.subtracting(share.heard).compactMap { session.registry.producer($0) }
        )
        ownership.unheard = session.registry.unheard.filter { $0.isDue(at: now) }
        return ownership
    }

    /// The session ends, and with it its locks.
    package func close() {
        session = nil
    }

    // MARK: The session

    private func connected() throws(EventStoreError) -> Session {
        if let session, !session.connection.isBroken { return session }
        session = nil
        let session = try Session(
            configuration.address,
            application: configuration.application,
            expected: identity
        )
        self.session = session
        return session
    }

    var now: Timestamp { configuration.clock.now() }

    /// Statements on the session, in a transaction or not; what they began is rolled back when they fail.
    func inSession<Result>(
        _ operation: String,
        _ body: (Session) throws(PostgresError) -> Result
    ) throws(EventStoreError) -> Result {
        let session = try connected()
        do throws(PostgresError) {
            return try body(session)
        } catch {
            if !error.isBroken { _ = try? session.connection.run("ROLLBACK") }
            throw failure(error, operation)
        }
    }

    /// COMMIT of what `inSession` began.
    func commitTransaction() throws(EventStoreError) {
        guard let session else {
            throw EventStoreError(.unreachable, operation: "commit", message: "the connection is gone")
        }
        try finish(session)
    }

    /// COMMIT. Without an answer to it nobody knows what happened.
    private func finish(_ session: Session) throws(EventStoreError) {
        let answer: Answer
        do throws(PostgresError) {
            answer = try session.connection.run("COMMIT")
        } catch {
            let isUnknown = error.isBroken || error.sqlState.map { $0.hasPrefix("57") || $0.hasPrefix("08") } ?? true
            guard isUnknown else { throw failure(error, "commit") }
            self.session = nil
            throw EventStoreError(.commitOutcomeUnknown, operation: "commit", message: error.message)
        }
        guard answer.tag == "COMMIT" else {
            throw EventStoreError(.unavailable, operation: "commit", message: "the server rolled the transaction back")
        }
    }

    /// What an error means; a session that cannot be used further is given up.
    private func failure(_ error: PostgresError, _ operation: String) -> EventStoreError {
        let failure = EventStoreError(error, operation: operation)
        // What was prepared for tables that have changed meanwhile is prepared anew.
        if failure.code == .schema { session = nil }
        if error.isBroken || error.sqlState == nil || session?.connection.isBroken == true { session = nil }
        return failure
    }

    // MARK: Partitions

    /// Makes the partitions that a batch needs. Where that fails the default partition takes the rows.
    private func makePartitions(for months: Set<Month>, _ session: Session, now: Timestamp) {
        for month in session.schedule.missing(months, at: now, instant: .now) {
            do throws(PostgresError) {
                try PartitionMaker.make(month, session.connection)
                session.schedule.made(month)
            } catch {
                session.schedule.failed(month, instant: .now)
                report(error, "a partition could not be made yet; chat_messages_other takes its rows", month)
            }
        }
    }

    /// Makes the next months' partitions, and drops what is too old.
    private func maintain(_ session: Session) throws(PostgresError) {
        maintenanceDue = .now + Self.maintenanceInterval
        let now = configuration.clock.now()
        do throws(PostgresError) {
            for month in session.schedule.ahead(at: now) {
                try PartitionMaker.make(month, session.connection)
                session.schedule.made(month)
            }
            guard let days = configuration.retentionDays else { return }
            let cutoff = MonthSchedule.cutoff(days: days, now: now)
            let dropped = try PartitionMaker.drop(before: cutoff, session.connection)
            for name in dropped.partitions {
                logger.notice("dropped a partition that is older than RETENTION_DAYS", metadata: ["table": "\(name)"])
            }
            if !dropped.partitions.isEmpty {
                session.schedule = MonthSchedule(existing: try PartitionMaker.existing(session.connection))
            }
            if !dropped.isComplete { maintenanceDue = .now + Self.shortMaintenanceInterval }
        } catch {
            guard !error.isBroken, error.sqlState != nil else { throw error }
            maintenanceDue = .now + MonthSchedule.pause
            report(error, "partitions could not be maintained; trying again in a minute", nil)
        }
    }

    private func report(_ error: PostgresError, _ message: Logger.Message, _ month: Month?) {
        var metadata: Logger.Metadata = ["error": "\(error.message)"]
        if let month { metadata["month"] = "\(month)" }
        logger.warning(message, metadata: metadata)
    }
}
