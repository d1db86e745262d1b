import Foundation
import TestSupport
import Testing

@testable import collector

@Suite struct DirectoryCheckTests {
    private func complaint(_ body: () throws -> Void) -> Complaint? {
        do {
            try body()
            return nil
        } catch {
            return error as? Complaint
        }
    }

    @Test func `a directory of our own is fine`() async throws {
        try await withTemporaryDirectory { directory in
            try OwnDirectory.check(directory, mustBePrivate: true)
        }
    }

    @Test func `one that others may enter is told with what to do`() async throws {
        try await withTemporaryDirectory { directory in
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
            let found = complaint { try OwnDirectory.check(directory, mustBePrivate: true) }
            #expect(found?.text == "other users may enter \(directory) (mode 0755)")
            #expect(found?.advice == "chmod 700 \(directory)" && found?.status == 73)
            #expect(complaint { try OwnDirectory.check(directory, mustBePrivate: false) } == nil)
        }
    }

    @Test func `one of another user is told`() async throws {
        try await withTemporaryDirectory { directory in
            // Root can give one away; everybody else finds one of root's.
            let isRoot = geteuid() == 0
            if isRoot { #expect(chown(directory, 1, 1) == 0) }
            let place = isRoot ? directory : "/"
            let found = complaint { try OwnDirectory.check(place, mustBePrivate: false) }
            #expect(
                found?.text == "\(place) belongs to uid \(isRoot ? 1 : 0), not to this user (uid \(geteuid()))"
            )
        }
    }

    @Test func `a file in its place is told, and so is a place where none can be made`() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory + "/file"
            try Data().write(to: URL(fileURLWithPath: file))
            #expect(
                complaint { try OwnDirectory.check(file, mustBePrivate: true) }?.text == "\(file) is not a directory"
            )
            let planned = complaint { try PlannedDirectory(file + "/a/b").check(named: "STATE_DIR") }
            #expect(planned?.text == "\(file)/a/b cannot be made in \(file): it is not a directory")
            try PlannedDirectory(directory + "/a/b").check(named: "STATE_DIR")
            #expect((directory + "/a/b").nearestExisting == directory && "nowhere/at/all".nearestExisting == ".")
        }
    }
}
