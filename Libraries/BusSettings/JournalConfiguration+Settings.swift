import EventBus
import ServiceRuntime

extension JournalConfiguration {
    /// Reads `JOURNAL_SYNC`, `JOURNAL_SEGMENT_SIZE`, `JOURNAL_SIZE_LIMIT` and `JOURNAL_KEEP`.
    init(_ settings: Settings) throws {
        let sync = try settings.string("JOURNAL_SYNC", default: Sync.full.rawValue)
        guard let mode = Sync(rawValue: sync.lowercased()) else {
            throw settings.wrong("JOURNAL_SYNC", sync, "full or normal")
        }
        self.init(sync: mode)
        segmentBytes = try settings.bytes("JOURNAL_SEGMENT_SIZE", default: segmentBytes)
        capBytes = try settings.bytes("JOURNAL_SIZE_LIMIT", default: capBytes)
        minimumAge = try settings.duration("JOURNAL_KEEP", default: minimumAge)
        guard segmentBytes >= 1 << 20 else {
            throw settings.wrong("JOURNAL_SEGMENT_SIZE", "\(segmentBytes)", "at least 1MiB")
        }
        guard capBytes >= 2 * segmentBytes else {
            throw settings.wrong("JOURNAL_SIZE_LIMIT", "\(capBytes)", "at least two segments")
        }
    }
}
