import EventBus
import ServiceRuntime

extension PollerConfiguration {
    static func bind(_ settings: Settings, _ security: BusSecurity?, allowsPlaintext: Bool) throws -> String? {
        guard let bind = try settings.string("BUS_BIND") else { return nil }
        do throws(BusAddressError) {
            _ = try EventEncryption.required(
                of: try BusAddress(bind),
                security: security,
                allowsPlaintext: allowsPlaintext
            )
        } catch {
            throw ConfigurationError("BUS_BIND: \(error)")
        }
        return bind
    }

    static func journal(_ settings: Settings) throws -> JournalConfiguration {
        let sync = try settings.string("JOURNAL_SYNC", default: JournalConfiguration.Sync.full.rawValue)
        guard let mode = JournalConfiguration.Sync(rawValue: sync.lowercased()) else {
            throw settings.wrong("JOURNAL_SYNC", sync, "full or normal")
        }
        var journal = JournalConfiguration(sync: mode)
        journal.segmentBytes = try settings.bytes("JOURNAL_SEGMENT_SIZE", default: journal.segmentBytes)
        journal.capBytes = try settings.bytes("JOURNAL_SIZE_LIMIT", default: journal.capBytes)
        journal.minimumAge = try settings.duration("JOURNAL_KEEP", default: journal.minimumAge)
        guard journal.segmentBytes >= 1 << 20 else {
            throw settings.wrong("JOURNAL_SEGMENT_SIZE", "\(journal.segmentBytes)", "at least 1MiB")
        }
        guard journal.capBytes >= 2 * journal.segmentBytes else {
            throw settings.wrong("JOURNAL_SIZE_LIMIT", "\(journal.capBytes)", "at least two segments")
        }
        return journal
    }
}
