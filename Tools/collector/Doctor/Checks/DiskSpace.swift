import Glibc
import ServiceRuntime

/// Room on a file system, in bytes.
struct DiskSpace: Hashable, Sendable {
    /// For users without privileges.
    var free: Int
    var size: Int

    init(free: Int, size: Int) {
        self.free = free
        self.size = size
    }

    /// Asks the file system of an existing path.
    init(of path: String) throws {
        var figures = statvfs()
        guard unsafe statvfs(path, &figures) == 0 else {
            throw Complaint(
                ExitStatus.inputOutput.rawValue,
                "\(path): \(unsafe String(cString: strerror(errno)))",
                advice: "look at the disk: dmesg tells what is wrong with it"
            )
        }
        let block = Int(clamping: figures.f_frsize)
        free = Int(clamping: figures.f_bavail) * block
        size = Int(clamping: figures.f_blocks) * block
    }
}
