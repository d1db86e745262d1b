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
