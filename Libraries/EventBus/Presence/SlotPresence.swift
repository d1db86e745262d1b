package import FoundationEssentials
import Glibc
import PrivateFiles
import Synchronization

/// A producer's sign to its neighbours that it is at work: a lock that goes with the process, a beat that stops with it,
/// and what it says of itself. All of it is in the slot's directory, and for processes on this machine only.
///
/// The slot's own lock would not do: a neighbour that serves what a dead producer left holds that one too.
package final class SlotPresence: Sendable {
    private let directory: String
    private let lock: Mutex<CInt?>

    /// `directory` is the claimed slot's. What an earlier process said is gone before the neighbours see this one.
    package init(directory: String) throws(JournalError) {
        self.directory = directory
        DurableFile.remove(Self.words(directory))
        // Neighbours that look hold it for a moment.
        lock = Mutex(try DurableFile.waitForLock(Self.lockFile(directory)))
    }

    deinit { end() }

    /// Another beat. Needs no space on the disk.
    package func beat() {
        lock.withLock { lock in
            guard let descriptor = lock else { return }
            let file = Self.lockFile(directory)
            // Somebody removed it: to the neighbours we would be gone.
            if FileIdentity(descriptor: descriptor)?.isStill(at: file) != true, let fresh = try? DurableFile.lock(file)
            {
                DurableFile.unlock(descriptor)
                lock = fresh
            }
            if let descriptor = lock { _ = futimens(descriptor, nil) }
        }
    }

    /// Replaces what this producer says of itself: a neighbour sees the old words or the new ones.
    package func say(_ content: Data) throws(JournalError) {
        try DurableFile.replace(Self.words(directory), with: content, durably: false)
    }

    /// Leaves in good order: the neighbours need not wait whether it comes back.
    package func end() {
        lock.withLock { lock in
            guard let descriptor = lock else { return }
            DurableFile.remove(Self.lockFile(directory))
            DurableFile.unlock(descriptor)
            lock = nil
        }
    }

    static func lockFile(_ directory: String) -> String { directory + "/presence.lock" }
    static func words(_ directory: String) -> String { directory + "/presence.json" }
}
