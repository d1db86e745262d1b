// `struct stat` belongs to whichever of the C modules of Dispatch and Glibc the compiler met first.
import Dispatch
import FoundationEssentials
import Glibc
import PrivateFiles

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
        let opened = try Self.attempt { () throws(PrivateFileError) in
            try PrivateFiles.PrivateFile.openForReading(path, .unchecked)
        }
        guard let descriptor = opened else { return nil }
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
        return try Self.attempt { () throws(PrivateFileError) in try PrivateFiles.PrivateFile.read(descriptor, path) }
    }

    /// Writes and syncs a file that ``commit(_:as:)`` then puts in its place. It is readable by its owner only.
    static func stage(_ path: String, _ content: Data, mode: mode_t = 0o600) throws(TokenFileError) {
        let descriptor = try Self.attempt { () throws(PrivateFileError) in
            try PrivateFiles.PrivateFile.create(path, mode: mode)
        }
        var failed: TokenFileError?
        do throws(TokenFileError) {
            try Self.attempt { () throws(PrivateFileError) in
                try PrivateFiles.PrivateFile.write(content, to: descriptor, path)
            }
            if fsync(descriptor) != 0 { failed = self.failure(path) }
        } catch {
            failed = error
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

    /// What the rule for our own files refuses, as an error of the token file.
    static func attempt<Result>(
        _ body: () throws(PrivateFileError) -> Result
    ) throws(TokenFileError) -> Result {
        do throws(PrivateFileError) {
            return try body()
        } catch {
            if error.code == .notOurs { throw .notPrivate(path: error.path, reason: error.reason) }
            throw .inputOutput(path: error.path, reason: error.reason)
        }
    }
}
