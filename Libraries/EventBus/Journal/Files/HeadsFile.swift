import Glibc
import PrivateFiles
import Protocol

/// `heads`: how far each partition was accepted, rewritten in place after each commit.
///
/// The newest segment's log ends, for SQLite, where its first damaged byte is; what is behind it vanishes without an error.
/// This second copy of the heads tells that something was there. It survives the process, not the machine: it is never
/// synced, so it can only lag behind a synced journal, and an old one says nothing wrong.
final class HeadsFile: Sendable {
    private let descriptor: CInt
    private let path: String

    static func path(in directory: String) -> String { directory + "/heads" }

    /// Opens the file for writing; makes it if need be.
    init(in directory: String) throws(JournalError) {
        path = Self.path(in: directory)
        descriptor = try DurableFile.openForWriting(path)
    }

    /// Whether its path still means the file that is written.
    var isInPlace: Bool { FileIdentity(descriptor: descriptor)?.isStill(at: path) ?? false }

    deinit { _ = Glibc.close(descriptor) }

    /// Notes the heads of a commit that has succeeded. A disk that refuses is told of by the next commit itself.
    func write(_ heads: [Offset], at now: Timestamp) {
        let bytes = SegmentHeader(createdAt: now, heads: heads).bytes
        _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// What was noted last; nil where there is nothing, or nothing that can be believed. `createdAt` is when the commit was.
    static func read(in directory: String) -> SegmentHeader? {
        guard let content = try? DurableFile.read(path(in: directory)) else { return nil }
        return SegmentHeader([UInt8](content))
    }
}
