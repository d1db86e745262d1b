import EventBus
import EventStore

/// Whether an empty database may become an archive.
///
/// It may be one that was just made for a restore, or the wrong one. Journals that are kept for an archive tell that there was
/// one: then a person has to say that a new one is to be begun.
struct ArchiveBeginning: Sendable {
    /// `WRITER_NEW_ARCHIVE`.
    var isWanted = false
    /// Where this machine's journals are; nil where nobody looks.
    var stateDirectory: String?

    /// Why not: the database is empty, and journals are kept for another one. Nil where it may.
    func obstacle(_ store: any EventStore) async throws(EventStoreError) -> EventStoreError? {
        guard !isWanted else { return nil }
        let journals = await boundJournals()
        guard let first = journals.first, try await !store.holdsArchive() else { return nil }
        let others = journals.count == 1 ? "" : " and \(journals.count - 1) more"
        return EventStoreError(
            .incompatible,
            operation: "open",
            message:
                "the database of DATABASE_URL has no archive yet, but the journal \(first)\(others) is kept for one; "
                + "restore the archive or correct DATABASE_URL, or set WRITER_NEW_ARCHIVE=true to begin a new one"
        )
    }

    /// Whether there was an archive, as far as this machine knows.
    func hadArchive() async -> Bool { await !boundJournals().isEmpty }

    private func boundJournals() async -> [String] {
        guard let stateDirectory else { return [] }
        return await BoundJournals.directories(stateDirectory: stateDirectory, group: "writer")
    }
}
