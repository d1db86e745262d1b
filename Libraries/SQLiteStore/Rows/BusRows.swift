import EventStore
import GRDB
import Protocol

/// Rows of `bus_offsets`, `dead_letters` and `collection_gaps`.
struct BusRows {
    private static let advanceSQL = """
        UPDATE bus_offsets SET "offset" = ?4, updated_at = ?5 WHERE producer = ?1 AND partition = ?2 AND "offset" = ?3
        """
    private static let firstSQL = """
        INSERT INTO bus_offsets (producer, partition, "offset", updated_at) VALUES (?1, ?2, ?4, ?5)
        ON CONFLICT (producer, partition) DO UPDATE SET "offset" = excluded."offset", updated_at = excluded.updated_at
            WHERE bus_offsets."offset" = ?3
        """
    private static let deadLetterSQL = insertSQL(
        "dead_letters",
        ["producer", "partition", "\"offset\"", "reason", "frame", "created_at"]
    )
    private static let gapSQL = insertSQL(
        "collection_gaps",
        ["producer", "partition", "after_offset", "through_offset", "detected_at", "created_at"]
    )

    private var advance: RowStatement
    private var first: RowStatement
    private var deadLetters: RowStatement
    private var gaps: RowStatement

    init(_ database: Database) throws {
        advance = try RowStatement(Self.advanceSQL, in: database)
        first = try RowStatement(Self.firstSQL, in: database)
        deadLetters = try RowStatement(Self.deadLetterSQL, in: database)
        gaps = try RowStatement(Self.gapSQL, in: database)
    }

    /// The compare-and-set. False when the offset is not where the batch begins: another writer was here.
    mutating func move(_ move: StoreBatch.Advance, now: Timestamp) throws -> Bool {
        var statement = move.base == .zero ? first : advance
        statement.begin()
        try statement.text(move.producer)
        try statement.integer(move.partition)
        try statement.offset(move.base)
        try statement.offset(move.next)
        try statement.time(now)
        return try statement.run() == 1
    }

    mutating func insert(_ letter: DeadLetter, now: Timestamp) throws {
        deadLetters.begin()
        try deadLetters.text(letter.producer)
        try deadLetters.integer(letter.partition)
        try deadLetters.offset(letter.offset)
        try deadLetters.text(letter.reason)
        try deadLetters.blob(letter.frame)
        try deadLetters.time(now)
        _ = try deadLetters.run()
    }

    mutating func insert(_ gap: Gap, now: Timestamp) throws {
        gaps.begin()
        try gaps.text(gap.producer)
        try gaps.integer(gap.partition)
        try gaps.offset(gap.after)
        try gaps.offset(gap.through)
        try gaps.time(gap.detectedAt)
        try gaps.time(now)
        _ = try gaps.run()
    }
}
