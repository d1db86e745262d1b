import FoundationEssentials
import Glibc

/// The POSIX calls that make a small file or a directory entry survive power loss.
enum DurableFile {
    /// Makes a directory and what is missing above it, readable by its owner only.
    static func makeDirectory(_ path: String) throws(JournalError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw failure("cannot make directory", path)
        }
        try makeDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("cannot make directory", path)
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
        guard exists(path) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw JournalError(.inputOutput, "cannot read \(path)")
        }
        return bytes
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
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write", temporary) }
        _ = fchmod(descriptor, mode)
        let written = unsafe content.withUnsafeBytes { bytes in
            var done = 0
            while let base = bytes.baseAddress, done < bytes.count {
                let count = unsafe write(descriptor, base + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        let failed = !written || (durably && fsync(descriptor) != 0) ? failure("cannot write", temporary) : nil
        _ = Glibc.close(descriptor)
        if let failed {
            _ = unsafe unlink(temporary)
            throw failed
        }
        guard unsafe rename(temporary, path) == 0 else { throw failure("cannot replace", path) }
        if durably, let slash = path.lastIndex(of: "/") {
            try syncDirectory(String(path[..<slash]))
        }
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

    /// Opens a small file to be rewritten in place; makes it if need be. The caller closes the descriptor.
    static func openForWriting(_ path: String) throws(JournalError) -> CInt {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot write", path) }
        return descriptor
    }

    /// Takes a file's lock without waiting, held until the descriptor is released; nil when somebody else has it.
    static func lock(_ path: String) throws(JournalError) -> CInt? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open lock", path) }
        return try lock(descriptor, path)
    }

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
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("cannot open lock", path) }
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
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
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
