import Dispatch
package import FoundationEssentials
package import Glibc

/// Small files of our own. Each is a regular file of our user that no link leads to and that other users cannot write.
package enum PrivateFile {
    /// Who may use a file besides our user.
    package enum Exposure: Hashable, Sendable {
        /// Others may read, but not everybody may write.
        case readable
        /// Nobody: it is a secret.
        case secret
        /// The caller looks at the mode itself, to mend it.
        case unchecked
    }

    /// Opens a file to be read. It may belong to root too, as what is mounted into a container does.
    /// - Returns: A descriptor that the caller closes; nil where there is no such file.
    /// - Throws: `PrivateFileError`, `notOurs` where the rule is broken.
    package static func openForReading(
        _ path: String,
        _ exposure: Exposure = .readable
    ) throws(PrivateFileError) -> CInt? {
        // A pipe would be waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .last(path)
        }
        try check(descriptor, path, exposure, mayBelongToRoot: true)
        return descriptor
    }

    /// Opens a file to be written in place or locked, and makes it with mode 0600 where it is missing.
    /// - Returns: A descriptor that the caller closes.
    /// - Throws: As `openForReading(_:)`.
    package static func openForWriting(_ path: String) throws(PrivateFileError) -> CInt {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last(path) }
        try check(descriptor, path, .readable, mayBelongToRoot: false)
        return descriptor
    }

    /// Makes a new file. What a killed process left in its place is removed, be it a link: nothing is written through it.
    /// - Returns: A descriptor that the caller closes.
    package static func create(_ path: String, mode: mode_t = 0o600) throws(PrivateFileError) -> CInt {
        var isSecondTry = false
        while true {
            let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                // Whatever the umask is.
                guard fchmod(descriptor, mode) == 0 else {
                    let error = PrivateFileError.last(path)
                    _ = close(descriptor)
                    throw error
                }
                return descriptor
            }
            guard errno == EEXIST, !isSecondTry, unsafe unlink(path) == 0 || errno == ENOENT else { throw .last(path) }
            isSecondTry = true
        }
    }

    /// The content of a small file; nil where there is none.
    package static func read(_ path: String) throws(PrivateFileError) -> Data? {
        guard let descriptor = try openForReading(path) else { return nil }
        defer { _ = close(descriptor) }
        return try read(descriptor, path)
    }

    /// What is left to read of a descriptor; `path` is named in an error.
    package static func read(_ descriptor: CInt, _ path: String) throws(PrivateFileError) -> Data {
        var content = Data()
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .last(path) }
            guard count > 0 else { return content }
            content.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes all of `content`; `path` is named in an error.
    package static func write(_ content: Data, to descriptor: CInt, _ path: String) throws(PrivateFileError) {
        let isWritten = unsafe content.withUnsafeBytes { bytes in
            var done = 0
            while let base = bytes.baseAddress, done < bytes.count {
                let count = unsafe Glibc.write(descriptor, base + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        guard isWritten else { throw .last(path) }
    }

    /// Replaces a file as a whole, by way of `path` + `.new`: a reader, or a crash, sees the old content or the new one.
    /// - Parameters:
    ///   - path: The file; it need not exist.
    ///   - content: The new content.
    ///   - durably: Whether the new content also survives power loss.
    ///   - mode: The file's, whatever the umask.
    /// - Throws: `PrivateFileError`; the old content is there then.
    package static func replace(
        _ path: String,
        with content: Data,
        durably: Bool,
        mode: mode_t = 0o600
    ) throws(PrivateFileError) {
        let temporary = path + ".new"
        let descriptor = try create(temporary, mode: mode)
        var failure: PrivateFileError?
        do throws(PrivateFileError) {
            try write(content, to: descriptor, temporary)
            if durably, fsync(descriptor) != 0 { failure = .last(temporary) }
        } catch {
            failure = error
        }
        _ = close(descriptor)
        if failure == nil, unsafe rename(temporary, path) != 0 { failure = .last(path) }
        if let failure {
            _ = unsafe unlink(temporary)
            throw failure
        }
        if durably { try PrivateFolder.sync(PrivateFolder.path(of: path)) }
    }

    private static func check(
        _ descriptor: CInt,
        _ path: String,
        _ exposure: Exposure,
        mayBelongToRoot: Bool
    ) throws(PrivateFileError) {
        var status = stat()
        var failure: PrivateFileError?
        if unsafe fstat(descriptor, &status) != 0 {
            failure = .last(path)
        } else if status.st_mode & S_IFMT != S_IFREG {
            failure = PrivateFileError(.notOurs, path, "it is not a file; remove it")
        } else if status.st_uid != geteuid(), !(mayBelongToRoot && status.st_uid == 0) {
            failure = PrivateFileError(
                .notOurs,
                path,
                "it belongs to another user (uid \(status.st_uid)); run this as that user, or give the file to yours"
            )
        } else if exposure == .secret, status.st_mode & 0o077 != 0 {
            failure = PrivateFileError(
                .notOurs,
                path,
                "it is a secret that other users may read or write; run: chmod 600 \(path)"
            )
        } else if exposure == .readable, status.st_mode & 0o002 != 0 {
            failure = PrivateFileError(.notOurs, path, "every user may write it; run: chmod o-w \(path)")
        }
        guard let failure else { return }
        _ = close(descriptor)
        throw failure
    }
}
