import PrivateFiles
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Settings {
    /// The path `STATE_DIR` names, without touching the disk.
    package func stateDirectoryPath() throws -> String { try self.string("STATE_DIR", default: "./data") }

    /// `STATE_DIR`: made with mode 0700 where it is missing, checked for writing.
    ///
    /// Throws ``ServiceFailure`` with status 73 where the directory cannot be made or written.
    package func stateDirectory() throws -> String {
        let path = try self.stateDirectoryPath()
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw ServiceFailure(
                .cannotCreate,
                "cannot make the directory STATE_DIR='\(path)': \(Self.reason(error)); "
                    + "create it for the user that runs this, or set STATE_DIR to another place"
            )
        }
        try Self.checkOwner(of: path)
        try Self.checkWriting(in: path)
        return path
    }

    /// What ``stateDirectory()`` would refuse, found without making or writing anything.
    func checkStateDirectory() throws {
        let path = try self.stateDirectoryPath()
        guard let obstacle = WritablePlace.obstacle(toDirectory: path) else { return try Self.checkOwner(of: path) }
        throw ServiceFailure(
            .cannotCreate,
            "cannot make or write the directory STATE_DIR='\(path)': \(obstacle); "
                + "create it for the user that runs this, or set STATE_DIR to another place"
        )
    }

    /// Whoever else can write there can put files in the place of ours.
    private static func checkOwner(of path: String) throws {
        do throws(PrivateFileError) {
            _ = try PrivateFolder.check(path, .shared)
        } catch {
            guard error.code == .notOurs else { return }
            throw ServiceFailure(.cannotCreate, "cannot use STATE_DIR='\(path)': \(error.reason)")
        }
    }

    /// Root may write everywhere by mode bits, and a file system may be read-only: only a real file tells.
    private static func checkWriting(in directory: String) throws {
        let probe = FilePath(directory).appending(".write-check-\(UInt64.random(in: .min ... .max))")
        do {
            let descriptor = try FileDescriptor.open(
                probe,
                .writeOnly,
                options: [.create, .exclusiveCreate],
                permissions: [.ownerReadWrite]
            )
            defer { try? FileManager.default.removeItem(atPath: probe.string) }
            try descriptor.close()
        } catch {
            throw ServiceFailure(
                .cannotCreate,
                "cannot write in STATE_DIR='\(directory)': \(Self.reason(error)); "
                    + "make it writable for the user that runs this, or set STATE_DIR to another place"
            )
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteNoPermission?: "permission denied"
        case .fileWriteFileExists?: "a file of that name is in the way"
        case .fileWriteVolumeReadOnly?: "the file system is read-only"
        case .fileWriteOutOfSpace?: "the disk is full"
        case .fileNoSuchFile?: "no such directory"
        default:
            ((error as? CocoaError)?.underlying as? POSIXError).map { "\(Errno(rawValue: $0.code.rawValue))" }
                ?? "\(error)"
        }
    }
}
