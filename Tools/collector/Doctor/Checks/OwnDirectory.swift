// `struct stat` belongs to whichever of the C modules of Dispatch and Glibc the compiler met first.
import Dispatch
import Glibc
import ServiceRuntime

/// A directory that is there: it must be ours and writable.
enum OwnDirectory {
    /// - Throws: `Complaint`.
    static func check(_ path: String, mustBePrivate: Bool) throws {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw complaint("\(path): \(reason())") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw complaint("\(path) is not a directory", advice: "move it away")
        }
        guard status.st_uid == geteuid() else {
            throw complaint(
                "\(path) belongs to uid \(status.st_uid), not to this user (uid \(geteuid()))",
                advice: "run collector as that user, or: chown -R \(geteuid()) \(path)"
            )
        }
        guard !mustBePrivate || status.st_mode & 0o077 == 0 else {
            throw complaint(
                "other users may enter \(path) (mode 0\(String(status.st_mode & 0o777, radix: 8)))",
                advice: "chmod 700 \(path)"
            )
        }
        guard isWritable(path) else {
            throw complaint(
                "\(path) cannot be written: \(reason())",
                advice: "make it writable for this user, or set STATE_DIR to another place"
            )
        }
    }

    /// Sets `errno` where it is not.
    static func isWritable(_ path: String) -> Bool {
        unsafe faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0
    }

    static func reason() -> String { unsafe String(cString: strerror(errno)) }

    private static func complaint(_ text: String, advice: String? = nil) -> Complaint {
        Complaint(ExitStatus.cannotCreate.rawValue, text, advice: advice)
    }
}
