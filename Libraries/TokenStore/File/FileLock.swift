import Glibc

/// A lock on a file (`flock`): held until it is released or its process is gone, `kill -9` included.
package final class FileLock: Sendable {
    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(self.descriptor) }

    /// Takes the lock; nil when somebody else has it.
    package static func take(_ path: String) throws(TokenFileError) -> FileLock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PrivateFile.failure(path) }
        let lock = FileLock(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return lock }
        if errno == EWOULDBLOCK { return nil }
        throw PrivateFile.failure(path)
    }

    /// Takes the lock, waiting a few seconds for whoever has it: changes take milliseconds.
    static func wait(for path: String, seconds: Int = 5) throws(TokenFileError) -> FileLock {
        for _ in 0..<(seconds * 100) {
            if let lock = try self.take(path) { return lock }
            usleep(10_000)
        }
        throw TokenFileError.busy(path: path)
    }
}
