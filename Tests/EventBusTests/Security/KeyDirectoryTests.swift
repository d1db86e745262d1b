import Foundation
import TestSupport
import Testing

@testable import EventBus

struct KeyDirectoryTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func set(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func `made keys have the modes that keep them secret, and are never replaced unasked`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = KeyDirectory(directory + "/deep/keys")
            let first = try #require(try keys.make("writer"))
            #expect(try mode(keys.path) == 0o700)
            #expect(try mode(keys.keyFile("writer")) == 0o600)
            #expect(try mode(keys.publicFile("writer")) == 0o644)
            #expect(try keys.make("writer") == nil)
            #expect(try keys.publicKey("writer") == first)
            let second = try #require(try keys.make("writer", replacing: true))
            #expect(second != first)
            #expect(try keys.publicKey("writer") == second && keys.ownPublicKey("writer") == second)
            #expect(keys.names() == ["writer"])
            #expect(throws: BusSecurityError.self) { try keys.make("../x") }
        }
    }

    @Test func `a lost public file is written again from the pair`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "writer").directory
            let key = try keys.publicKey("writer")
            #expect(try !keys.restorePublicFile("writer"))
            try FileManager.default.removeItem(atPath: keys.publicFile("writer"))
            #expect(keys.names().isEmpty && keys.allNames() == ["writer"])
            #expect(try keys.restorePublicFile("writer"))
            #expect(try keys.publicKey("writer") == key)
        }
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o622])
    func `a secret that others may read is refused with what to do`(_ mode: Int) async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "writer")
            try set(mode, keys.directory.keyFile("writer"))
            let error = #expect(throws: BusSecurityError.self) { try keys.security("writer") }
            #expect(error?.description.contains("chmod 600 \(keys.directory.keyFile("writer"))") == true)
        }
    }

    @Test func `a missing key names the command that makes it; the default directory may have none`() async throws {
        try await withTemporaryDirectory { directory in
            let error = #expect(throws: BusSecurityError.self) {
                try BusSecurity.configured(directory + "/keys", stateDirectory: directory, name: "writer")
            }
            #expect(error?.description.contains("collector keys generate writer") == true)
            #expect(try BusSecurity.configured(nil, stateDirectory: directory, name: "writer") == nil)
            _ = try BusKeys(directory + "/keys", "writer")
            #expect(try BusSecurity.configured(nil, stateDirectory: directory, name: "writer") != nil)
        }
    }

    @Test func `a damaged key is refused without showing it`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "writer", "other")
            let file = keys.directory.keyFile("writer")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let secret = try #require(text.split(separator: "\n").last?.split(separator: " ").last)
            let mixed = try String(contentsOfFile: keys.directory.keyFile("other"), encoding: .utf8)
                .split(separator: "\n")[1]
            let damaged = [
                "", "public", text.replacing(secret, with: secret.dropLast()), text.replacing("secret", with: "public"),
                text + "secret \(secret)\n", "\(mixed)\nsecret \(secret)\n", String(repeating: "x", count: 5000),
            ]
            for content in damaged {
                try content.write(toFile: file, atomically: false, encoding: .utf8)
                let error = #expect(throws: BusSecurityError.self) { try keys.security("writer") }
                #expect(error?.description.contains(secret) == false)
                #expect(error?.description.contains(file) == true)
            }
            try text.write(toFile: file, atomically: false, encoding: .utf8)
            _ = try keys.security("writer")
        }
    }

    @Test func `a damaged public file shuts out its owner and nobody else`() async throws {
        try await withTemporaryDirectory { directory in
            let keys = try BusKeys(directory + "/keys", "writer", "collector", "token-service")
            try keys.allow("writer", Data("nonsense".utf8))
            let names = ["writer", "collector", "absent"]
            let trusted = try keys.security("token-service").trusted(names, keeping: .init())
            #expect(trusted.names.values.sorted() == ["collector"])
            #expect(trusted.missing == ["absent"])
            #expect(trusted.faults.count == 1 && trusted.faults[0].contains("writer.pub"))
        }
    }

    @Test func `names are plain`() {
        for name in ["irc-gateway", "a", "gw_2.eu", "A9"] { #expect(KeyDirectory.isName(name)) }
        for name in ["", ".lock", "-x", "a/b", "a b", "é", String(repeating: "x", count: 65)] {
            #expect(!KeyDirectory.isName(name))
        }
    }
}
