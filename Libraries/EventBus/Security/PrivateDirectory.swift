import Glibc

/// The rule for ipc sockets on which secrets travel: only the user may enter their directory.
enum PrivateDirectory {
    /// - Returns: Whether the directory of `path` is there.
    /// - Throws: `BusSecurityError` where others may enter it, or it is somebody else's.
    static func check(of path: String) throws(BusSecurityError) -> Bool {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw BusSecurityError("\(folder) is not a directory, so no token can travel there; remove it")
        }
        guard status.st_uid == geteuid() else {
            throw BusSecurityError(
                "\(folder) belongs to another user (uid \(status.st_uid)), so no token may travel there; "
                    + "run all services as one user, or choose another STATE_DIR"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            throw BusSecurityError(
                "other users may enter \(folder), so no token may travel there; run: chmod 700 \(folder)"
            )
        }
        return true
    }
}
