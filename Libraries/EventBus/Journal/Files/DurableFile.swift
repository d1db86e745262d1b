import FoundationEssentials
import Glibc
import PrivateFiles

/// The POSIX calls that make a small file or a directory entry survive power loss.
enum DurableFile {
    /// Makes a directory and what is missing above it, for its owner only.
    static func makeDirectory(_ path: String) throws(JournalError) {
        do throws(PrivateFileError) {
            try PrivateFolder.make(path)
        } catch {
            throw JournalError(error, "cannot make directory")
        }
    }

    /// The names in a directory; none when there is no such directory.
    static func names(in directory: String) throws(JournalError) -> [String] {
        guard exists(directory) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw JournalError(.inputOutput, "cannot list \(directory): \(error)")
        }
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// What is to stay free: reading a segment needs a small index beside it, and what cannot be read is never stored.
    private static let reserve: UInt64 = 1 << 20

    /// Whether the file system of a directory has no room for so many bytes beside what is to stay free.
    static func isFull(_ directory: String, for bytes: Int = 0) -> Bool {
        var status = statvfs()
        guard unsafe statvfs(directory, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) < reserve + UInt64(max(0, bytes))
    }

    /// The size in bytes; 0 when there is no such file.
    static func size(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// When a file was modified, in nanoseconds since 1970; nil when there is none.
    static func modified(_ path: String) -> Int64? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// The content of a small file; nil when there is none.
    static func read(_ path: String) throws(JournalError) -> Data? {
        do throws(PrivateFileError) {
            return try PrivateFile.read(path)
        } catch {
            throw JournalError(error, "cannot read")
        }
    }

    /// Replaces a file as a whole: a reader, or a crash, sees the old content or the new one.
    ///
    /// With `durably` the new content also survives power loss. `mode` is the file's, whatever the umask.
    static func replace(
        _ path: String,
        with content: Data,
        durably: Bool,
        mode: mode_t = 0o600
    ) throws(JournalError) {
        do throws(PrivateFileError) {
            try PrivateFile.replace(path, with: content, durably: durably, mode: mode)
        } catch {
            throw JournalError(error, "cannot write")
        }
    }

    /// Gives a file another name, in place of what has it. With `durably` its content and its name survive power loss.
    static func move(_ path: String, to target: String, durably: Bool) throws(JournalError) {
        if durably {
            let descriptor = try openForWriting(path)
            defer { _ = Glibc.close(descriptor) }
            guard fsync(descriptor) == 0 else { throw failure("cannot write", path) }
        }
        guard unsafe rename(path, target) == 0 else { throw failure("cannot replace", target) }
        if durably { try syncDirectory(PrivateFolder.path(of: target)) }
    }

    /// Makes the entries of a directory survive power loss.
    static func syncDirectory(_ path: String) throws(JournalError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open directory", path) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot sync directory", path) }
    }

    /// Removes a file; whether it is gone.
    @discardableResult
    static func remove(_ path: String) -> Bool {
        unsafe unlink(path) == 0 || errno == ENOENT
    }

    /// Opens a small file to be rewritten in place or locked; makes it if need be. The caller closes the descriptor.
    static func openForWriting(_ path: String) throws(JournalError) -> CInt {
        do throws(PrivateFileError) {
            return try PrivateFile.openForWriting(path)
        } catch {
            throw JournalError(error, "cannot open")
        }
    }

    /// Takes a file's lock without waiting, held until the descriptor is released; nil when somebody else has it.
    static func lock(_ path: String) throws(JournalError) -> CInt? { try lock(openForWriting(path), path) }

    private static func lock(_ descriptor: CInt, _ path: String) throws(JournalError) -> CInt? {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        let taken = errno == EWOULDBLOCK
        let failed = failure("cannot lock", path)
        _ = Glibc.close(descriptor)
        if taken { return nil }
        throw failed
    }

    /// Takes a directory's own lock without waiting; nil when somebody else has it.
    static func lockDirectory(_ path: String) throws(JournalError) -> CInt? {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open directory", path) }
        return try lock(descriptor, path)
    }

    /// Takes a file's lock, waiting while somebody else has it.
    static func waitForLock(_ path: String) throws(JournalError) -> CInt {
        let descriptor = try openForWriting(path)
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let failed = failure("cannot lock", path)
                _ = Glibc.close(descriptor)
                throw failed
            }
        }
        return descriptor
    }

    /// Whether somebody holds a file's lock. A look keeps no other look out.
    static func isLocked(_ path: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { _ = Glibc.close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    static func unlock(_ descriptor: CInt) {
        _ = Glibc.close(descriptor)
    }

    private static func failure(_ what: String, _ path: String) -> JournalError {
        let number = errno
        let isFull = number == ENOSPC || number == EDQUOT
        let text = unsafe String(cString: strerror(number))
        return JournalError(isFull ? .full : .inputOutput, "\(what) \(path): \(text)")
    }
}

extension JournalError {
    /// What a file's error means for a journal; `what` was being done.
    init(_ error: PrivateFileError, _ what: String) {
        let code: Code =
            switch error.code {
            case .full: .full
            case .notOurs: .notOurs
            case .missing, .inputOutput: .inputOutput
            }
        self.init(code, "\(what) \(error.path): \(error.reason)")
    }
}
