import FoundationEssentials
import Logging

/// `identity.json`: who writes this journal, made once.
struct SlotIdentity: Hashable, Codable {
    var producer: String

    static func path(in directory: String) -> String { directory + "/identity.json" }

    /// The identity in a slot's directory, made and saved if there is none.
    static func load(orMakeIn directory: String, prefix: String) throws(JournalError) -> SlotIdentity {
        let path = path(in: directory)
        if let saved = try JSONFile.read(SlotIdentity.self, from: path) { return saved }
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: 8 - random.count) + random
        let identity = SlotIdentity(producer: "\(prefix)-\(padded)")
        try JSONFile.write(identity, to: path, durably: true)
        return identity
    }
}

/// `epoch.json`: the last epoch that may have been published, and the partition count it was published with.
struct SavedEpoch: Hashable, Codable {
    var epoch: UInt32
    var partitions: Int

    static func path(in directory: String) -> String { directory + "/epoch.json" }
}

/// Small files of a slot, as JSON.
enum JSONFile {
    static func read<Value: Decodable>(_ type: Value.Type, from path: String) throws(JournalError) -> Value? {
        guard let content = try DurableFile.read(path) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: content)
        } catch {
            throw JournalError(
                .damaged,
                "\(path) is not what the journal wrote; restore it, or move the slot's directory away to begin a new one"
            )
        }
    }

    /// The same for a file that the journal can do without: what is damaged counts as absent, loudly.
    static func readUndamaged<Value: Decodable>(
        _ type: Value.Type,
        from path: String,
        _ logger: Logger
    ) throws(JournalError) -> Value? {
        do throws(JournalError) {
            return try read(type, from: path)
        } catch {
            guard error.code == .damaged else { throw error }
            logger.critical(
                "A file of the journal is damaged and is begun anew; nothing is lost by that, but look at the disk",
                metadata: ["journal.file": "\(path)"]
            )
            return nil
        }
    }

    static func write(_ value: some Encodable, to path: String, durably: Bool) throws(JournalError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content: Data
        do {
            content = try encoder.encode(value)
        } catch {
            throw JournalError(.inputOutput, "cannot encode \(path): \(error)")
        }
        try DurableFile.replace(path, with: content, durably: durably)
    }
}
