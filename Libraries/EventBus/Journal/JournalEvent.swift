package import Protocol

/// One event with its place in the journal.
package struct JournalEvent: Hashable, Sendable {
    package var partition: Int
    package var offset: Offset
    /// The offset of the previous event in the same partition.
    package var previous: Offset
    /// `<topic>\n<envelope JSON>`.
    package var frame: [UInt8]
    /// Where the JSON begins in `frame`.
    package var jsonStart: Int

    package init(partition: Int, offset: Offset, previous: Offset, frame: [UInt8], jsonStart: Int) {
        self.partition = partition
        self.offset = offset
        self.previous = previous
        self.frame = frame
        self.jsonStart = jsonStart
    }
}

/// The events in `(after, through]` of a partition cannot be read any more.
package struct JournalTruncation: Hashable, Sendable {
    package var partition: Int
    package var after: Offset
    package var through: Offset

    package init(partition: Int, after: Offset, through: Offset) {
        self.partition = partition
        self.after = after
        self.through = through
    }
}

/// What one `Journal.read` found.
package struct JournalPage: Hashable, Sendable {
    /// In offset order over all partitions that were asked for.
    package var events: [JournalEvent]
    /// To be applied before `events`: a truncation always comes before every event of its partition in the same page,
    /// and delivery continues exactly at its `through`. At most one for each partition.
    package var truncated: [JournalTruncation]
    /// Whether the end of the journal, as it was when the call began, was reached.
    package var complete: Bool

    package init(events: [JournalEvent] = [], truncated: [JournalTruncation] = [], complete: Bool) {
        self.events = events
        self.truncated = truncated
        self.complete = complete
    }
}

/// What a journal has done since it was opened; for metrics.
package struct JournalCounters: Hashable, Sendable {
    package var appendedEvents = 0
    package var appendedBatches = 0
    /// Bytes of frames, without what SQLite adds.
    package var appendedBytes = 0
    package var failedAppends = 0
    /// Segments given up because a write or a sync failed.
    package var abandonedSegments = 0
    /// Rows and segments that were found damaged.
    package var damaged = 0
    package var prunedSegments = 0

    package init() {}
}

/// What `Journal.prune` did.
package struct PruneReport: Hashable, Sendable {
    /// Numbers of the segments that were removed.
    package var removedSegments: [Int]
    /// Events that went although a required group had not committed them, because the journal reached its cap.
    package var lost: [JournalTruncation]

    package init(removedSegments: [Int] = [], lost: [JournalTruncation] = []) {
        self.removedSegments = removedSegments
        self.lost = lost
    }
}
