import Glibc
import PrivateFiles

/// A lock on a file (`flock`): held until it is released or its process is gone, `kill -9` included.
///
/// The lock is on the file, not on its name. Whoever removes the file lets others lock another one of that name: a lock
/// that is held for long is checked with ``isCurrent``.
package final class FileLock: Sendable {
    private let descriptor: CInt
    private let path: String

    private init(_ descriptor: CInt, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = Glibc.close(self.descriptor) }

    /// Takes the lock; nil when somebody else has it.
    package static func take(_ path: String) throws(TokenFileError) -> FileLock? {
        let descriptor = try PrivateFile.attempt { () throws(PrivateFileError) in
            try PrivateFiles.PrivateFile.openForWriting(path)
        }
        let lock = FileLock(descriptor, path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if errno == EWOULDBLOCK { return nil }
            throw PrivateFile.failure(path)
        }
        // Between opening and locking somebody may have removed the file: whoever opens the name next has another one.
        return lock.isCurrent ? lock : nil
    }

    /// The name still leads to the file that is locked; otherwise somebody else can lock that name as well.
    package var isCurrent: Bool { FileIdentity(descriptor: self.descriptor)?.isStill(at: self.path) ?? false }

    /// Takes the lock, waiting a few seconds for whoever has it: changes take milliseconds.
    static func wait(for path: String, seconds: Int = 5) throws(TokenFileError) -> FileLock {
        for _ in 0..<(seconds * 100) {
            if let lock = try self.take(path) { return lock }
            usleep(10_000)
        }
        throw TokenFileError.busy(path: path)
    }
}
