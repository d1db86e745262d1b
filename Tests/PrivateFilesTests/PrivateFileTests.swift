import Foundation
import PrivateFiles
import TestSupport
import Testing

/// The one rule for files of our own.
struct PrivateFileTests {
    @Test func `a link is neither read, written through nor locked, and a new file takes its place`() async throws {
        try await withTemporaryDirectory { directory in
            let victim = directory + "/victim"
            let path = directory + "/file"
            try Data("theirs".utf8).write(to: URL(filePath: victim))
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: victim)
            let read = #expect(throws: PrivateFileError.self) { try PrivateFile.read(path) }
            let written = #expect(throws: PrivateFileError.self) { try PrivateFile.openForWriting(path) }
            #expect(read?.code == .notOurs && written?.code == .notOurs)

            try FileManager.default.createSymbolicLink(atPath: path + ".new", withDestinationPath: victim)
            try PrivateFile.replace(path, with: Data("ours".utf8), durably: true)
            #expect(try PrivateFile.read(path) == Data("ours".utf8))
            #expect(try Data(contentsOf: URL(filePath: victim)) == Data("theirs".utf8))
            #expect(!FileManager.default.fileExists(atPath: path + ".new"))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test func `what is no file, or open to every user, is refused with what to do`() async throws {
        try await withTemporaryDirectory { directory in
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(throws: PrivateFileError.self) { try PrivateFile.read(directory + "/pipe") }
            #expect(throws: PrivateFileError.self) { try PrivateFile.openForWriting(directory + "/pipe") }
            let open = directory + "/open"
            try Data().write(to: URL(filePath: open))
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: open)
            let error = #expect(throws: PrivateFileError.self) { try PrivateFile.read(open) }
            #expect(error?.description.contains("chmod o-w \(open)") == true)
            #expect(try PrivateFile.read(directory + "/missing") == nil)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can make files of another user"))
    func `a file of another user is refused`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            try Data().write(to: URL(filePath: path))
            #expect(chown(path, 12345, 12345) == 0)
            for error in [
                #expect(throws: PrivateFileError.self) { try PrivateFile.read(path) },
                #expect(throws: PrivateFileError.self) { try PrivateFile.openForWriting(path) },
                #expect(throws: PrivateFileError.self) { try PrivateSocket.check(path) },
            ] { #expect(error?.reason.contains("uid 12345") == true) }
        }
    }

    @Test func `folders are made for us alone, and one that others may write to is refused`() async throws {
        try await withTemporaryDirectory { directory in
            try PrivateFolder.make(directory + "/a/b/c")
            let mode = try FileManager.default.attributesOfItem(atPath: directory + "/a/b")[.posixPermissions]
            #expect(mode as? Int == 0o700)
            try PrivateFolder.make(directory + "/a/b/c")
            #expect(try PrivateFolder.check(directory + "/missing", .secret) == false)
            for (mode, openness, isFine) in [
                (0o755, PrivateFolder.Openness.readable, true), (0o755, .secret, false), (0o770, .readable, false),
                (0o770, .shared, true), (0o777, .shared, false), (0o700, .secret, true),
            ] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory + "/a/b/c")
                #expect(((try? PrivateFolder.check(directory + "/a/b/c", openness)) == true) == isFine, "\(mode)")
            }
            try FileManager.default.createSymbolicLink(
                atPath: directory + "/link",
                withDestinationPath: directory + "/a/b/c"
            )
            #expect(try PrivateFolder.check(directory + "/link", .secret))
        }
    }

    @Test func `an identity tells a file from another of the same name, and a removed one`() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/file"
            let descriptor = try PrivateFile.create(path)
            defer { close(descriptor) }
            let identity = try #require(FileIdentity(descriptor: descriptor))
            #expect(identity.isStill(at: path))
            try PrivateFile.replace(path, with: Data(), durably: false)
            #expect(!identity.isStill(at: path))
            try FileManager.default.removeItem(atPath: path)
            #expect(!identity.isStill(at: path) && FileIdentity.look(at: path) == .missing)
            // Where the system does not say, nobody concludes that it is gone.
            let unreachable = path + String(repeating: "x", count: 300)
            #expect(FileIdentity.look(at: unreachable) == .unknown && identity.isStill(at: unreachable))
        }
    }
}
