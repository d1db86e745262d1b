import Foundation
import Protocol
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import TokenStore

@Suite struct TokenFileTests {
    private static let token = StoredToken(
        accessToken: Secret("access-one"),
        refreshToken: Secret("refresh-one"),
        clientID: "our-client",
        login: "harborlog",
        userID: "700100100",
        scopes: ["chat:read"],
        obtainedAt: Timestamp(milliseconds: 1_800_000_000_000),
        expiresAt: Timestamp(milliseconds: 1_800_000_014_400),
        validatedAt: Timestamp(milliseconds: 1_800_000_000_500)
    )

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `what is written is read back, privately`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            #expect(try file.read() == nil)
            try file.update { $0.logIn(Self.token) }
            let tokens = try #require(try file.read())
            #expect(tokens.user == Self.token)
            #expect(tokens.generation == 1)
            #expect(try self.mode(file.path) == 0o600)
            #expect(!FileManager.default.fileExists(atPath: file.path + ".new"))
        }
    }

    @Test func `a change that changes nothing, or fails, writes nothing`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            try file.update { $0.logIn(Self.token) }
            var watch = TokenFileWatch(file)
            #expect(watch.hasChanged() == true)
            try file.update { _ in }
            #expect(throws: CancellationError.self) {
                try file.update { tokens in
                    tokens.logOut()
                    throw CancellationError()
                }
            }
            #expect(watch.hasChanged() == false)
            try file.update { $0.logOut() }
            #expect(watch.hasChanged() == true)
        }
    }

    @Test func `a file of a newer version is refused and never overwritten`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            let text = #"{"format":2,"tokens":"quite different"}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
            let error = #expect(throws: TokenFileError.self) { try file.read() }
            #expect(error == .newerFormat(path: file.path, format: 2))
            #expect(throws: TokenFileError.self) { try file.update { $0.logIn(Self.token) } }
            #expect(throws: TokenFileError.self) { try file.setDamagedAside() }
            #expect(try String(contentsOfFile: file.path, encoding: .utf8) == text)
        }
    }

    @Test func `a truncated file is refused, and can be set aside for a login`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            try file.update { $0.logIn(Self.token) }
            let whole = try Data(contentsOf: URL(fileURLWithPath: file.path))
            for length in [0, 1, whole.count / 2, whole.count - 3] {
                try whole.prefix(length).write(to: URL(fileURLWithPath: file.path))
                #expect(throws: TokenFileError.damaged(path: file.path)) { try file.read() }
                #expect(throws: TokenFileError.damaged(path: file.path)) { try file.update { $0.logOut() } }
            }
            let aside = try #require(try file.setDamagedAside())
            #expect(FileManager.default.fileExists(atPath: aside))
            try file.update { $0.logIn(Self.token) }
            #expect(try file.read()?.user == Self.token)
        }
    }

    @Test func `a file that others can read is made private, and said`() async throws {
        try await withTemporaryDirectory { directory in
            let warnings = WarningList()
            var file = TokenFile(directory: directory)
            file.onWarning = { warnings.append($0) }
            try file.update { $0.logIn(Self.token) }
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
            #expect(try file.read()?.user == Self.token)
            #expect(try self.mode(file.path) == 0o600)
            #expect(warnings.lines.count == 1)
            #expect(warnings.lines.first?.contains("mode 0644") == true)
        }
    }

    @Test func `a change that was interrupted before its rename is completed`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            try file.update { $0.logIn(Self.token) }
            let old = try Data(contentsOf: URL(fileURLWithPath: file.path))
            try file.update { $0.logOut() }
            let new = try Data(contentsOf: URL(fileURLWithPath: file.path))
            // As a kill between writing and renaming leaves it.
            try old.write(to: URL(fileURLWithPath: file.path))
            try new.write(to: URL(fileURLWithPath: file.path + ".new"))
            try file.recover()
            #expect(try file.read()?.user == nil)
            #expect(try file.read()?.generation == 2)
            #expect(!FileManager.default.fileExists(atPath: file.path + ".new"))
        }
    }

    @Test func `what was interrupted while it was written, or is older, is thrown away`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            try file.update { $0.logIn(Self.token) }
            let current = try Data(contentsOf: URL(fileURLWithPath: file.path))
            for leftover in [current, current.prefix(40)] {
                try leftover.write(to: URL(fileURLWithPath: file.path + ".new"))
                try file.recover()
                #expect(try file.read()?.user == Self.token)
                #expect(!FileManager.default.fileExists(atPath: file.path + ".new"))
            }
        }
    }

    @Test func `changes from many sides at once are all made`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            await withDiscardingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<5 {
                            do {
                                try file.update { _ = $0.nextVersion(at: Timestamp(milliseconds: 0)) }
                            } catch {
                                Issue.record("\(error)")
                            }
                        }
                    }
                }
            }
            let tokens = try #require(try file.read())
            #expect(tokens.lastVersion == 40)
            #expect(tokens.generation == 40)
        }
    }

    @Test(arguments: [
        "9223372036854775807", "-9223372036854775808", "-1", "0", "253402300799999",
    ])
    func `numbers that nobody can add to are taken for none`(number: String) async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            let text = #"{"format":1,"tokens":{"seen":[],"last_version":\#(number),"generation":\#(number)}}"#
            try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
            for _ in 0..<3 {
                let version = try file.update { $0.nextVersion(at: Timestamp(milliseconds: 1000)) }
                #expect(version >= 1000)
                try file.update { $0.logIn(Self.token) }
                try file.update { $0.logOut() }
            }
            let generation = try #require(try file.read()).generation
            #expect(generation > 0)
        }
    }

    @Test func `a lock whose file is gone is no lock, and a change is made again under a new one`() async throws {
        try await withTemporaryDirectory { directory in
            let file = TokenFile(directory: directory)
            try file.update { $0.logIn(Self.token) }
            let path = file.path + ".lock"
            var attempts = 0
            try file.update { tokens in
                attempts += 1
                if attempts == 1 {
                    // Somebody tidies up while the change is being made, and another process changes the file.
                    try FileManager.default.removeItem(atPath: path)
                    try TokenFile(directory: directory).update { _ = $0.nextVersion(at: Timestamp(milliseconds: 5)) }
                }
                tokens.logOut()
            }
            #expect(attempts == 2)
            let tokens = try #require(try file.read())
            #expect(tokens.user == nil && tokens.lastVersion == 5)

            let lock = try #require(try FileLock.take(directory + "/held"))
            #expect(lock.isCurrent)
            try FileManager.default.removeItem(atPath: directory + "/held")
            #expect(!lock.isCurrent)
            let other = try #require(try FileLock.take(directory + "/held"))
            #expect(other.isCurrent && !lock.isCurrent)
        }
    }

    @Test func `what is put back keeps what was there, and yields to somebody else's login`() throws {
        var memory = StoredTokens()
        memory.logIn(Self.token)
        _ = memory.nextVersion(at: Timestamp(milliseconds: 7))
        var other = Self.token
        other.accessToken = Secret("access-two")
        other.refreshToken = Secret("refresh-two")

        var gone = StoredTokens()
        #expect(gone.putBack(memory.holding(other, intent: nil), over: nil) == true)
        #expect(gone.user == other && gone.lastVersion == 7 && gone.seen.count == 4)
        var backup = memory
        #expect(backup.putBack(gone, over: Self.token) == true)
        #expect(backup.user == other)
        var loggedOut = memory
        loggedOut.logOut()
        #expect(loggedOut.putBack(gone, over: nil) == false)
        #expect(loggedOut.putBack(gone, over: Self.token) == false)
    }

    @Test func `nothing that is printed tells a token`() throws {
        var tokens = StoredTokens()
        tokens.logIn(Self.token)
        var text = "\(tokens) \(Self.token) \(String(reflecting: tokens))"
        dump(tokens, to: &text)
        #expect(!text.contains("access-one"))
        #expect(!text.contains("refresh-one"))
    }

    private final class WarningList: Sendable {
        private let storage = Mutex<[String]>([])
        var lines: [String] { self.storage.withLock { $0 } }
        func append(_ line: String) { self.storage.withLock { $0.append(line) } }
    }
}
