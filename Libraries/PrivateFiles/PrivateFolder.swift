import Dispatch
import Glibc

/// Folders of our own: they belong to our user, and other users cannot make or replace anything in them.
package enum PrivateFolder {
    /// Who may enter a folder besides our user.
    package enum Openness: Hashable, Sendable {
        /// Nobody: what is in it is secret.
        case secret
        /// Others may look, but not write.
        case readable
        /// A group of users may write too, as many systems set folders up that a person makes.
        case shared
    }

    /// The folder in which a path lies: `.` for a bare name.
    package static func path(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a folder and what is missing above it, for our user only. One that is there has to pass `check(_:_:)`.
    package static func make(_ path: String) throws(PrivateFileError) {
        if unsafe mkdir(path, 0o700) == 0 { return }
        if errno == ENOENT, path.contains("/"), self.path(of: path) != path {
            try make(self.path(of: path))
            if unsafe mkdir(path, 0o700) == 0 { return }
        }
        guard errno == EEXIST else { throw .last(path) }
        _ = try check(path, .readable)
    }

    /// Whether a folder is there and ours. A link to it counts where our user or root made it: another disk is often
    /// mounted so.
    /// - Returns: False where there is none.
    /// - Throws: `PrivateFileError`, `notOurs` where it is another user's or others may write to it, or with `secret`
    ///   enter it.
    package static func check(_ path: String, _ openness: Openness) throws(PrivateFileError) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw .last(path)
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .isLink(path) }
            guard unsafe stat(path, &status) == 0 else { throw .last(path) }
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw PrivateFileError(.notOurs, path, "it is not a folder; remove it")
        }
        guard status.st_uid == geteuid() else {
            throw PrivateFileError(
                .notOurs,
                path,
                "it belongs to another user (uid \(status.st_uid)); run all services as one user, or choose another STATE_DIR"
            )
        }
        guard status.st_mode & (openness == .shared ? 0o002 : 0o022) == 0 else {
            throw PrivateFileError(.notOurs, path, "other users may write to it; run: chmod 700 \(path)")
        }
        guard openness != .secret || status.st_mode & 0o055 == 0 else {
            throw PrivateFileError(.notOurs, path, "other users may enter it; run: chmod 700 \(path)")
        }
        return true
    }

    /// Makes the entries of a folder survive power loss.
    package static func sync(_ path: String) throws(PrivateFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .last(path) }
    }
}
