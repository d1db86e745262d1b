import Dispatch
import Glibc

/// Unix sockets of our own, which libzmq makes and connects to by their path.
package enum PrivateSocket {
    /// Checks what lies at a path before somebody connects there. Nothing, or an old file that is no socket, does no harm.
    /// - Throws: `PrivateFileError`, `notOurs`, for a link or what is another user's.
    package static func check(_ path: String) throws(PrivateFileError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .last(path)
        }
        if status.st_mode & S_IFMT == S_IFLNK { throw .isLink(path) }
        guard status.st_uid == geteuid() else {
            throw PrivateFileError(.notOurs, path, "it belongs to another user (uid \(status.st_uid)); remove it")
        }
    }

    /// Whether a process listens at a path; false for the file of one that is gone. Takes one descriptor for a moment.
    package static func isListenedTo(_ path: String) -> Bool {
        var address = sockaddr_un()
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
