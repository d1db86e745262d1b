package import Protocol

/// What storing means. One engine each implements it; all pass one conformance suite.
package protocol EventStore: Sendable {
    /// Becomes a writer of this database. False while another process has that place: ask again later.
    ///
    /// Comes before `open()`. Engines where any number may write are always claimed.
    func claim() async throws(EventStoreError) -> Bool

    /// Whether the database has an archive. Changes nothing, so that an empty one can be left as it is.
    func holdsArchive() async throws(EventStoreError) -> Bool

    /// Opens the database, migrates it under a lock and tells its id: random, made once, kept in the database.
    func open() async throws(EventStoreError) -> String

    /// The committed offsets of a producer, by partition.
    func offsets(of producer: String) async throws(EventStoreError) -> [Int: Offset]

    /// Writes a batch in one transaction: first each advance by compare-and-set, then the rows, then COMMIT.
    ///
    /// Rows that are there already, by their natural keys, are left alone and counted as duplicates.
    ///
    /// Each row gets the stream that `StreamTimeline` gives its channel and time, by what is known inside the
    /// transaction. Where a stream's event changes that answer for rows that are there already, the stretch of time is
    /// recorded in the same transaction, for `settleAttribution(rows:)`.
    func commit(_ batch: StoreBatch) async throws(EventStoreError) -> CommitOutcome

    /// Whether several writers write at the same time and share the partitions.
    nonisolated var sharesPartitions: Bool { get }

    /// Takes and gives up partitions, so that all writers of this database have a fair share, notes whom this one hears, and
    /// tells what it is to write.
    ///
    /// Called about once a second while no commit is under way, by engines with one writer every ten. From the first call on,
    /// a batch with a producer's partition that this writer is not to write, or no longer, is `fenced`. Where one writer
    /// writes it has all partitions.
    func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership

    /// Looks again at rows whose stream became known, or known better, after them: about `rows` of them in one
    /// transaction, so that nobody waits long. Any writer may do it, at any time, again after any failure.
    func settleAttribution(rows: Int) async throws(EventStoreError) -> AttributionProgress

    /// Whether what was opened still is what its name leads to. A file that was replaced by the same archive, such as its
    /// backup, is opened anew; true when that has happened since the last call, and offsets may be older than they were.
    ///
    /// - Throws: To be tried again, while it is gone or another archive.
    func verify() async throws(EventStoreError) -> Bool

    /// Writes rows as `commit` does, without their offsets, and takes them back: tells whether the tables take such rows at all.
    ///
    /// - Throws: What `commit` would throw for them.
    func rehearse(_ events: [Envelope]) async throws(EventStoreError)

    /// Waits for what is running and closes.
    func close() async
}

extension EventStore {
    package nonisolated var sharesPartitions: Bool { false }

    package func holdsArchive() async throws(EventStoreError) -> Bool { true }

    package func verify() async throws(EventStoreError) -> Bool { false }

    package func rebalance(hearing heard: [HeardProducer]) async throws(EventStoreError) -> Ownership {
        let all = Set(0..<Partition.count)
        return Ownership(
            partitions: all,
            producers: Dictionary(heard.map { ($0.producer, all) }) { $1 }
        )
    }
}

/// What one transaction writes.
package struct StoreBatch: Sendable {
    /// A partition's offset moves from where this writer believes it is to where it will be.
    package struct Advance: Hashable, Sendable {
        package var producer: String
        package var partition: Int
        /// What must be in the database now; `.zero` also stands for no row.
        package var base: Offset
        package var next: Offset

        package init(producer: String, partition: Int, base: Offset, next: Offset) {
            self.producer = producer
            self.partition = partition
            self.base = base
            self.next = next
        }
    }

    package var advances: [Advance]
    package var events: [Envelope]
    package var deadLetters: [DeadLetter]
    package var gaps: [Gap]

    package init(
        advances: [Advance] = [],
        events: [Envelope] = [],
        deadLetters: [DeadLetter] = [],
        gaps: [Gap] = []
    ) {
        self.advances = advances
        self.events = events
        self.deadLetters = deadLetters
        self.gaps = gaps
    }
}

/// A bus message that could not be read, kept whole.
package struct DeadLetter: Hashable, Sendable {
    package var producer: String
    package var partition: Int
    package var offset: Offset
    package var reason: String
    /// `<topic>\n<envelope JSON>` as it came.
    package var frame: [UInt8]

    package init(producer: String, partition: Int, offset: Offset, reason: String, frame: [UInt8]) {
        self.producer = producer
        self.partition = partition
        self.offset = offset
        self.reason = reason
        self.frame = frame
    }
}

/// Events that a journal no longer had when they were asked for.
package struct Gap: Hashable, Sendable {
    package var producer: String
    package var partition: Int
    package var after: Offset
    package var through: Offset
    package var detectedAt: Timestamp

    package init(producer: String, partition: Int, after: Offset, through: Offset, detectedAt: Timestamp) {
        self.producer = producer
        self.partition = partition
        self.after = after
        self.through = through
        self.detectedAt = detectedAt
    }
}

/// How a transaction ended.
package enum CommitOutcome: Hashable, Sendable {
    /// It is in the database.
    case committed(inserted: Int, duplicates: Int)
    /// Another writer has moved an offset, or has the partition: nothing was written. Read the offsets again.
    case fenced
}
