import Protocol
import Synchronization

/// The token service's identity and epoch, `STATE_DIR/token-service`, held by a lock: one publisher for one `STATE_DIR`.
final class TokenLock: Sendable {
    let producer: String
    let epoch: UInt32
    private let descriptor: Mutex<CInt?>

    /// Takes the lock and saves the next epoch.
    /// - Throws: `TokenEndpointError.alreadyPublished`, or `JournalError` from the disk.
    init(stateDirectory: String, now: Timestamp) throws {
        let directory = "\(stateDirectory)/token-service"
        try DurableFile.makeDirectory(directory)
        let path = "\(directory)/publisher.lock"
        guard let lock = try DurableFile.lock(path) else { throw TokenEndpointError.alreadyPublished(lock: path) }
        do {
            producer = try SlotIdentity.load(orMakeIn: directory, prefix: "ts").producer
            let saved = try JSONFile.read(SavedEpoch.self, from: SavedEpoch.path(in: directory))
            guard let next = Epoch.next(saved: saved?.epoch, highest: .zero, now: now) else {
                throw JournalError(
                    .offsetsExhausted,
                    "\(SavedEpoch.path(in: directory)) is beyond all epochs; check the clock, then remove that file"
                )
            }
            epoch = next
            let fresh = SavedEpoch(epoch: next, partitions: Partition.count)
            try JSONFile.write(fresh, to: SavedEpoch.path(in: directory), durably: true)
        } catch {
            DurableFile.unlock(lock)
            throw error
        }
        descriptor = Mutex(lock)
    }

    deinit { close() }

    func close() {
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let held { DurableFile.unlock(held) }
    }
}
