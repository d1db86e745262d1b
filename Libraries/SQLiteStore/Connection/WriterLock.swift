import EventStore
import Glibc

/// The place of the one process that writes a database file: an advisory lock on `<file>.writer.lock`.
///
/// The kernel frees it with the process, however that ends.
struct WriterLock: ~Copyable {
    private let descriptor: CInt

    /// Nil while another process, or another store of this one, holds it.
    init?(of path: String) throws(EventStoreError) {
        let file = path + ".writer.lock"
        let descriptor = unsafe Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EventStoreError(errno: errno, operation: "lock", path: file)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            guard reason == EWOULDBLOCK || reason == EINTR else {
                throw EventStoreError(errno: reason, operation: "lock", path: file)
            }
            return nil
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
