import Glibc
import PrivateFiles

/// A lock on a file (`flock`): held until it is released or its process is gone, `kill -9` included.
package final class FileLock: Sendable {
    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(self.descriptor) }

    /// Takes the lock; nil when somebody else has it.
    package static func take(_ path: String) throws(TokenFileError) -> FileLock? {
        let descriptor = try PrivateFile.attempt { () throws(PrivateFileError) in
            try PrivateFiles.PrivateFile.openForWriting(path)
        }
        let lock = FileLock(descriptor)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return lock }
        if errno == EWOULDBLOCK { return nil }
        throw PrivateFile.failure(path)
    }

    /// Whether the path still means the file that is locked; otherwise somebody else can lock the path as well.
    package func isInPlace(at path: String) -> Bool {
        FileIdentity(descriptor: self.descriptor)?.isStill(at: path) ?? false
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
