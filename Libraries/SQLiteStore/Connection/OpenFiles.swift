import EventStore
import Glibc
import PrivateFiles

/// The files of an open archive, as they were when it was opened. SQLite never replaces them while it is open: where a name
/// leads elsewhere, somebody has removed or replaced them, and what is written goes where nobody finds it.
struct OpenFiles {
    enum Condition: Hashable {
        case same
        /// The file itself is gone, or the folder with it.
        case gone
        /// Another file has its name. `isLogStale`: the `-wal` beside it still belongs to the old one.
        case replaced(isLogStale: Bool)
        /// The file is the same; its `-wal` or `-shm` is not.
        case logRemoved
    }

    private let path: String
    private let database: FileIdentity
    private let log: FileIdentity?
    private let index: FileIdentity?

    /// Nil where the file is gone already.
    init?(path: String) {
        guard let database = FileIdentity(following: path) else { return nil }
        self.path = path
        self.database = database
        log = FileIdentity(following: path + "-wal")
        index = FileIdentity(following: path + "-shm")
    }

    func look() -> Condition {
        guard let now = FileIdentity(following: path) else { return .gone }
        let isLogSame = log == FileIdentity(following: path + "-wal")
        guard now == database else { return .replaced(isLogStale: log != nil && isLogSame) }
        return isLogSame && index == FileIdentity(following: path + "-shm") ? .same : .logRemoved
    }
}

/// The archive's file before SQLite opens it.
enum ArchiveFile {
    /// Below this a start is refused: the first hours of a busy day would fill the disk.
    static let leastFree = 64 << 20

    /// Makes it for its owner only, which its `-wal` and `-shm` take over. One that is there keeps its mode.
    static func make(_ path: String) throws(EventStoreError) {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        guard errno == EEXIST else { throw EventStoreError(errno: errno, operation: "open", path: path) }
    }

    /// Throws where its disk has no room for a start.
    static func checkSpace(_ path: String, atLeast least: Int) throws(EventStoreError) {
        var figures = statvfs()
        guard unsafe statvfs(path, &figures) == 0 else { return }
        let free = Int(clamping: figures.f_bavail).multipliedReportingOverflow(by: Int(clamping: figures.f_frsize))
        guard !free.overflow, free.partialValue < least else { return }
        throw EventStoreError(
            .diskFull,
            operation: "open",
            message:
                "only \(free.partialValue >> 20) MiB are free on the disk of \(path); make room, at least \(least >> 20) MiB"
        )
    }

    /// Removes a log that belongs to a file which is not there any more: SQLite would read it into the new one.
    static func removeStaleLog(_ path: String) {
        for suffix in ["-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    }
}
