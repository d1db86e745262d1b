// `struct stat` belongs to whichever of the C modules of Dispatch and Glibc the compiler met first.
import Dispatch
import Glibc

/// Which file a path or a descriptor means: its device and inode. What is held open can be removed or replaced; its path
/// then means another file, or none, and nobody else can open what is written to it.
///
/// This library is the one rule by which the project opens and makes files, folders and sockets of its own: they belong to
/// our user, other users cannot write to them, and no link is followed. It knows no format and no service.
package struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Of an open descriptor; nil where it is none.
    package init?(descriptor: CInt) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// What lies at a path now. A link is itself, not what it points to.
    package enum Lookup: Hashable, Sendable {
        case file(FileIdentity)
        case missing
        /// The system does not say: neither a reason to believe that it is there nor that it is gone.
        case unknown
    }

    /// Looks at a path. Needs no descriptor.
    package static func look(at path: String) -> Lookup {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return errno == ENOENT || errno == ENOTDIR ? .missing : .unknown }
        return .file(FileIdentity(status))
    }

    /// Of what lies at a path; nil where nothing does or the system does not say.
    package init?(path: String) {
        guard case .file(let identity) = Self.look(at: path) else { return nil }
        self = identity
    }

    /// Of the file that a path leads to, links followed; nil where there is none or the system does not say.
    package init?(following path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether a path still means this file. What the system does not say counts as yes.
    package func isStill(at path: String) -> Bool {
        switch Self.look(at: path) {
        case .file(let identity): identity == self
        case .missing: false
        case .unknown: true
        }
    }
}
