// `struct stat` belongs to whichever of the C modules of Dispatch and Glibc the compiler met first.
import Dispatch
import FoundationEssentials
import Glibc

/// The POSIX calls behind a small file with secrets: private, replaced as a whole, surviving power loss.
enum PrivateFile {
    /// What differs between two versions of a file; a missing file has one too.
    enum Mark: Hashable, Sendable {
        case missing
        case present(device: UInt64, inode: UInt64, size: Int64, seconds: Int, nanoseconds: Int, mode: UInt32)
    }

    static func mark(_ path: String) -> Mark {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .missing }
        return .present(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            seconds: Int(status.st_mtim.tv_sec),
            nanoseconds: Int(status.st_mtim.tv_nsec),
            mode: status.st_mode
        )
    }

    /// The content; nil when there is no such file. `onExposed` is told the mode that others could read or write it by,
    /// after that was mended.
    static func read(_ path: String, onExposed: (mode_t) -> Void) throws(TokenFileError) -> Data? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw self.failure(path)
        }
        defer { _ = Glibc.close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw self.failure(path) }
        let mode = status.st_mode & 0o777
        if mode & 0o077 != 0 {
            guard fchmod(descriptor, 0o600) == 0 else {
                throw TokenFileError.notPrivate(path: path, reason: Self.reason())
            }
            onExposed(mode)
        }
        var content = Data()
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw self.failure(path) }
            guard count > 0 else { return content }
            content.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes and syncs a file that ``commit(_:as:)`` then puts in its place. It is readable by its owner only.
    static func stage(_ path: String, _ content: Data, mode: mode_t = 0o600) throws(TokenFileError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw self.failure(path) }
        var failed: TokenFileError?
        // The mode of a file that was there before, whatever the umask was.
        if fchmod(descriptor, mode) != 0 || !self.write(content, to: descriptor) || fsync(descriptor) != 0 {
            failed = self.failure(path)
        }
        _ = Glibc.close(descriptor)
        if let failed {
            self.remove(path)
            throw failed
        }
    }

    /// Replaces `path` by what was staged: a reader, or a crash, sees the old content or the new one.
    static func commit(_ staged: String, as path: String) throws(TokenFileError) {
        guard unsafe rename(staged, path) == 0 else { throw self.failure(path) }
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw self.failure(directory) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw self.failure(directory) }
    }

    static func remove(_ path: String) { _ = unsafe unlink(path) }

    static func failure(_ path: String) -> TokenFileError {
        .inputOutput(path: path, reason: self.reason())
    }

    private static func reason() -> String { unsafe String(cString: strerror(errno)) }

    private static func write(_ content: Data, to descriptor: CInt) -> Bool {
        unsafe content.withUnsafeBytes { bytes in
            var done = 0
            while let base = bytes.baseAddress, done < bytes.count {
                let count = unsafe Glibc.write(descriptor, base + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
